/**
 * The fictional territory that an empty database shows. No code of it can be a real one: Insee's codes of communes and
 * départements start with two digits or with 2A or 2B, the SIREN numbers of the EPCI fail the checksum. On a map it
 * lies in the Bay of Biscay, over 200 km from any land, so that it covers no real place and no background contradicts it.
 */
export const demonstrationTerritory = {
  /** Said wherever the vintage of a code is said. */
  vintage: 'territoire fictif',
  departement: { code: 'ZZ', name: 'Val-d’Ouvrage' },
  epcis: [
    { code: '000000001', name: 'CC Maistrance et Val d’Ouvre' },
    { code: '000000002', name: 'CC des Hauts Métiers' },
    { code: '000000003', name: 'CC Terres de Pastel' },
  ],
  pays: { code: 'pays-des-trois-fours', name: 'Pays des Trois-Fours' },
} as const
