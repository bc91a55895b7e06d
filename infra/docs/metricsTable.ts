import type { Family } from '#metrics';

/** docs/metrics.md: every metric, and how to scrape. */
export const metricsTable = (families: readonly Family[]): string => `# Metrics

\`GET /metrics\` answers in Prometheus' text format or in OpenMetrics, compressed where that is accepted. It needs a
viewer's token, unless \`DROVER_METRICS_PUBLIC\` is set. A token that is bound to labels is refused: the numbers are the
whole fleet's.

\`\`\`yaml
${scrapeConfig}
\`\`\`

With thousands of records the series per record can be scraped slice by slice, in as many jobs as one likes: the answer
to \`?slices=none\` has everything but those, \`?slices=0-15\` those of the slices 0 to 15 of 0 to 63 and nothing else.

Alerts are in \`infra/alerts/\` (what to do about each: [runbook.md](runbook.md)), Grafana dashboards in
\`infra/dashboards/\`: \`drover\` for Drover itself, \`clusters\` for what it watches.

Counts are kept in the table, so they go on across deployments. An unanswered write of counts loses them; nothing is
ever counted twice. A label that has no known value says \`other\`.

| Metric | Type | Labels | What it says |
|---|---|---|---|
${families.map(row).join('\n')}

Made by \`npm run docs:metrics\` from the definitions in the code; a test holds it to them.
`;

export const scrapeConfig = `scrape_configs:
  - job_name: drover
    scrape_interval: 30s
    authorization:
      credentials_file: /etc/prometheus/drover-token
    static_configs:
      - targets: ['drover.example.com']
    scheme: https
    params:
      slices: ['none']
  - job_name: drover-records
    scrape_interval: 60s
    authorization:
      credentials_file: /etc/prometheus/drover-token
    static_configs:
      - targets: ['drover.example.com']
        labels: { __param_slices: '0-31', slices: '0-31' }
      - targets: ['drover.example.com']
        labels: { __param_slices: '32-63', slices: '32-63' }
    scheme: https`;

const row = ({ name, type, labels, help }: Family): string =>
  `| \`${name}\` | ${type} | ${Object.entries(labels)
    .map(([label, { values }]) => `\`${label}\`${values ? ` (${values.join(', ')})` : ''}`)
    .join(', ')} | ${help} |`;
