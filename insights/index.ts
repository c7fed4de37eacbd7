export { type CompanyIndex, companyIndex, type NamedCompany } from './company-index.ts';
export { type ProspectCounts, tellLeftOut } from './prospect-counts.ts';
export {
  FEWEST_COMPANIES,
  type MarketCell,
  tellWhiteSpace,
  type WhiteCell,
  type WhiteSpace,
  whiteSpace,
} from './white-space.ts';
