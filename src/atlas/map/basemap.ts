/** The style of the basemap that an administrator configured, as MapLibre takes it; null draws our own ground. */
export const readBasemap = (url: string | null): { style: string | null } => ({ style: url })
