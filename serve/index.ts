export { type AppSettings, buildApp } from './app.ts';
export { type DeliverySettings, deliverDue } from './deliveries.ts';
export { byValueAtRisk, RISK_COLUMNS, reasonsInOneLine, riskCsv, riskRows } from './risk-rows.ts';
export type { App, Served } from './routes/route.ts';
