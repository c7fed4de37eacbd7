export { buildApp } from './app.ts';
export { type DeliverySettings, deliverDue } from './deliveries.ts';
export { byValueAtRisk, reasonsInOneLine, riskCsv, riskRows } from './risk-rows.ts';
export type { App } from './routes/route.ts';
