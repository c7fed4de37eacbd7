/** The look-back windows of windowed features, in days. */
export const WINDOWS = [30, 60, 90, 180, 365] as const;
