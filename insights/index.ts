export { type CompanyIndex, companyIndex, type Indexed, type NamedCompany, type Same } from './company-index.ts';
export { type MarketCell, tellWhiteSpace, type WhiteCell, type WhiteSpace, whiteSpace } from './white-space.ts';
