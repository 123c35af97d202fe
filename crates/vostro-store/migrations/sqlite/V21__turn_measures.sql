-- How a turn went, for figures over many: names from closed sets, times and sums; no text. Turns that were
-- recorded before have none.
ALTER TABLE turns ADD COLUMN disposition TEXT;
ALTER TABLE turns ADD COLUMN verdict TEXT;
ALTER TABLE turns ADD COLUMN by_model INTEGER CHECK (by_model IN (0, 1));
ALTER TABLE turns ADD COLUMN took_us INTEGER CHECK (took_us >= 0);
ALTER TABLE turns ADD COLUMN model_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE turns ADD COLUMN model_micro_dollars INTEGER NOT NULL DEFAULT 0;
CREATE INDEX turns_by_time ON turns (at);
