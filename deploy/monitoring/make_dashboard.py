"""Writes grafana/vostro.json: `python3 deploy/monitoring/make_dashboard.py`.

The dashboard is laid out by code so that its panels are alike; the file that Grafana reads is committed.
"""

import json
from pathlib import Path

JOB = 'job="vostro"'

# title, unit, [(legend, expression)]
ROWS = {
    "Service levels": [
        ("Requests a second", "reqps", [("{{role}}", f"sum by (role) (rate(http_requests_total{{{JOB}}}[$__rate_interval]))")]),
        ("Server errors, share", "percentunit", [("{{role}}", f'sum by (role) (rate(http_requests_total{{{JOB},status=~"5.."}}[$__rate_interval])) / sum by (role) (rate(http_requests_total{{{JOB}}}[$__rate_interval]))')]),
        ("Latency P95 (promised: below 0.5 s)", "s", [("{{role}} {{route}}", f'histogram_quantile(0.95, sum by (le, role, route) (rate(http_request_duration_seconds_bucket{{{JOB},route=~"/api/.*"}}[$__rate_interval])))')]),
        ("Latency P99 (promised: below 1 s)", "s", [("{{role}} {{route}}", f'histogram_quantile(0.99, sum by (le, role, route) (rate(http_request_duration_seconds_bucket{{{JOB},route=~"/api/.*"}}[$__rate_interval])))')]),
        ("In flight", "short", [("{{role}} requests", f"sum by (role) (http_requests_in_flight{{{JOB}}})"), ("turns", f"sum(vostro_turns_in_flight{{{JOB}}})")]),
        ("Refused", "reqps", [("limit {{limit}}", f"sum by (limit) (rate(vostro_rate_limited_total{{{JOB}}}[$__rate_interval]))"), ("shed {{reason}}", f"sum by (reason) (rate(vostro_shed_total{{{JOB}}}[$__rate_interval]))")]),
    ],
    "Turns": [
        ("Turns a second by outcome", "reqps", [("{{outcome}}", f"sum by (outcome) (rate(vostro_turns_total{{{JOB}}}[$__rate_interval]))")]),
        ("Turn, P50 and P95", "s", [("P50", f"histogram_quantile(0.5, sum by (le) (rate(vostro_turn_duration_seconds_bucket{{{JOB}}}[$__rate_interval])))"), ("P95", f"histogram_quantile(0.95, sum by (le) (rate(vostro_turn_duration_seconds_bucket{{{JOB}}}[$__rate_interval])))")]),
        ("Where a turn's time goes", "s", [("{{step}}", f"sum by (step) (rate(vostro_turn_step_duration_seconds_sum{{{JOB}}}[$__rate_interval])) / ignoring (step) group_left () sum(rate(vostro_turn_duration_seconds_count{{{JOB}}}[$__rate_interval]))")]),
        ("Steps that failed", "reqps", [("{{step}}", f'sum by (step) (rate(vostro_turn_steps_total{{{JOB},outcome="failed"}}[$__rate_interval]))')]),
        ("Tools: calls a second", "reqps", [("{{tool}} {{outcome}}", f"sum by (tool, outcome) (rate(vostro_tool_calls_total{{{JOB}}}[$__rate_interval]))")]),
        ("Tools: P95", "s", [("{{tool}}", f"histogram_quantile(0.95, sum by (le, tool) (rate(vostro_tool_duration_seconds_bucket{{{JOB}}}[$__rate_interval])))")]),
    ],
    "Guardrails and knowledge": [
        ("Verdicts a second", "reqps", [("{{direction}} {{finding}}", f"sum by (direction, finding) (rate(vostro_guardrail_verdicts_total{{{JOB}}}[$__rate_interval]))")]),
        ("The service did not answer", "reqps", [("{{outcome}}", f"sum by (outcome) (rate(vostro_guard_fallbacks_total{{{JOB}}}[$__rate_interval]))")]),
        ("Passages kept back", "reqps", [("passages", f"sum(rate(vostro_passages_dropped_total{{{JOB}}}[$__rate_interval]))")]),
    ],
    "Language models": [
        ("Asked, by outcome", "reqps", [("{{outcome}}", f"sum by (outcome) (rate(vostro_model_requests_total{{{JOB}}}[$__rate_interval]))")]),
        ("Answer, P95", "s", [("{{model}}", f"histogram_quantile(0.95, sum by (le, model) (rate(vostro_model_answer_seconds_bucket{{{JOB}}}[$__rate_interval])))")]),
        ("Breaker (2: open)", "short", [("{{model}}", f"max by (model) (vostro_model_breaker_state{{{JOB}}})")]),
        ("Tokens a second", "short", [("{{model}} {{kind}}", f"sum by (model, kind) (rate(vostro_model_tokens_total{{{JOB}}}[$__rate_interval]))")]),
        ("Queue and in flight", "short", [("queue", f"sum(vostro_model_queue_depth{{{JOB}}})"), ("in flight", f"sum(vostro_model_in_flight{{{JOB}}})")]),
    ],
    "Books": [
        ("Store connections", "short", [("{{instance}} {{state}}", f"sum by (instance, state) (vostro_store_connections{{{JOB}}})"), ("{{instance}} waiting", f"sum by (instance) (vostro_store_waiting{{{JOB}}})")]),
        ("Outbox", "s", [("lag", f"max(vostro_outbox_lag_seconds{{{JOB}}})")]),
        ("Messages not handed over", "short", [("messages", f"max(vostro_outbox_waiting{{{JOB}}})")]),
        ("Audit rows without a seal", "short", [("rows", f"max(vostro_audit_unsealed_rows{{{JOB}}})")]),
        ("Age of the oldest", "s", [("age", f"max(vostro_audit_unsealed_age_seconds{{{JOB}}})")]),
        ("Sealing", "reqps", [("{{outcome}}", f"sum by (outcome) (rate(vostro_audit_sealing_attempts_total{{{JOB}}}[$__rate_interval]))")]),
        ("Money stopped", "bool", [("stopped", f"max(vostro_money_stopped{{{JOB}}})")]),
    ],
    "Processes": [
        ("Processors", "short", [("{{instance}}", f"rate(process_cpu_seconds_total{{{JOB}}}[$__rate_interval])")]),
        ("Resident memory", "bytes", [("{{instance}}", f"process_resident_memory_bytes{{{JOB}}}")]),
        ("Open files", "short", [("{{instance}}", f"process_open_fds{{{JOB}}}"), ("{{instance}} at most", f"process_max_fds{{{JOB}}}")]),
        ("Threads", "short", [("{{instance}}", f"process_threads{{{JOB}}}")]),
        ("Up since", "s", [("{{instance}}", f"time() - process_start_time_seconds{{{JOB}}}")]),
        ("Versions", "short", [("{{instance}} {{version}}", f"vostro_build_info{{{JOB}}}")]),
    ],
}

PER_LINE, WIDTH, HEIGHT = 3, 8, 7


def dashboard():
    panels, number, y = [], 0, 0
    source = {"type": "prometheus", "uid": "${source}"}
    for row, plots in ROWS.items():
        number += 1
        panels.append({"id": number, "type": "row", "title": row, "collapsed": False, "panels": [], "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}})
        y += 1
        for place, (title, unit, lines) in enumerate(plots):
            number += 1
            panels.append({
                "id": number,
                "type": "timeseries",
                "title": title,
                "datasource": source,
                "gridPos": {"x": place % PER_LINE * WIDTH, "y": y + place // PER_LINE * HEIGHT, "w": WIDTH, "h": HEIGHT},
                "fieldConfig": {"defaults": {"unit": unit, "min": 0, "custom": {"fillOpacity": 5, "showPoints": "never"}}, "overrides": []},
                "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}},
                "targets": [{"refId": chr(65 + n), "expr": expr, "legendFormat": legend, "exemplar": "_bucket" in expr} for n, (legend, expr) in enumerate(lines)],
            })
        y += -(-len(plots) // PER_LINE) * HEIGHT
    return {
        "uid": "vostro",
        "title": "Vostro",
        "tags": ["vostro"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [{"name": "source", "label": "Data source", "type": "datasource", "query": "prometheus"}]},
        "annotations": {"list": [{"name": "Alerts", "enable": True, "iconColor": "red", "datasource": source, "expr": 'ALERTS{alertname=~"Vostro.*",alertstate="firing"}', "titleFormat": "{{alertname}}"}]},
        "panels": panels,
    }


if __name__ == "__main__":
    path = Path(__file__).parent / "grafana" / "vostro.json"
    path.write_text(json.dumps(dashboard(), indent=2) + "\n")
