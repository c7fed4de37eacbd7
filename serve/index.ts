export { buildApp } from './app.ts';
export { cardAsFile } from './console/models.tsx';
export { type DeliverySettings, deliverDue } from './deliveries.ts';
export { toCardShape } from './model-shapes.ts';
export { prospectCsv, prospectRows } from './prospect-rows.ts';
export { byValueAtRisk, reasonsInOneLine, riskCsv, riskRows } from './risk-rows.ts';
export type { App } from './routes/route.ts';
export { type ShownVersion, shownVersion } from './shown-version.ts';
export { toWhiteSpaceShape, whiteSpaceAsOf, whiteSpaceCsv } from './white-space-rows.ts';
