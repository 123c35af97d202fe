-- An order that is changed ends as the one that takes its place begins; two never take the same place.
CREATE UNIQUE INDEX schedules_replace_once ON schedules (terms ->> '$.replaces')
    WHERE terms ->> '$.replaces' IS NOT NULL AND status IN ('active', 'completed');
