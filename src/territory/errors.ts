import { UserError } from '#platform'

export const unknownDepartement = (code: string) =>
  new UserError(
    'territory.unknown_departement',
    400,
    `Le département « ${code} » n’existe pas dans le Code officiel géographique. Donnez son numéro, par exemple 82 ou 2A.`,
  )

export const unreadableContours = (file: string, why: string) =>
  new UserError(
    'territory.unreadable_contours',
    400,
    `Le fichier de contours « ${file} » ne peut pas être lu : ${why}. Il faut un GeoJSON de communes (FeatureCollection de polygones, avec le code Insee dans « code » ou « INSEE_COM »), en longitude et latitude.`,
  )

export const noMatchingContour = (departement: string) =>
  new UserError(
    'territory.no_matching_contour',
    400,
    `Aucun contour du fichier n’appartient au département ${departement}. Vérifiez le numéro du département et le fichier.`,
  )

export const contoursUnreachable = (why: string) =>
  new UserError(
    'territory.contours_unreachable',
    502,
    `Les contours n’ont pas pu être téléchargés depuis geo.api.gouv.fr (${why}). Réessayez, ou donnez un fichier avec --from FICHIER.geojson.`,
  )

export const unreadableCustom = (file: string, why: string) =>
  new UserError(
    'territory.unreadable_custom',
    400,
    `Le fichier de territoires « ${file} » est refusé : ${why}. Il faut un CSV avec les colonnes code, nom, type, commune et, si besoin, debut et fin (dates).`,
  )
