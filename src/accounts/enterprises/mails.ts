import type { Mail } from '#platform'
import { codeDays, groupCode, groupSiret } from './model.ts'

/**
 * The mail of an enterprise's code.
 * @param page where the code is typed
 */
export const codeMail = (to: {
  email: string
  name: string
  siret: string
  code: string
  from: string
  page: string
}): Mail => ({
  to: to.email,
  subject: 'Le code de votre entreprise',
  text: `Bonjour ${to.name},

${to.from} vous remet le code de l’entreprise de SIRET ${groupSiret(to.siret)}. Il sert une fois, pendant ${codeDays} jours :

${groupCode(to.code)}

Tapez-le sur cette page. Si vous n’êtes pas encore connecté, demandez-y un lien avec cette adresse de courriel :

${to.page}

Vous lirez alors tout ce qui est noté de votre entreprise, et direz qui peut le voir.

Artisanumérique
`,
})

/** Tells whoever holds an enterprise that somebody else holds it too. */
export const newHolderMail = (to: { email: string; name: string; siret: string; newcomer: string }): Mail => ({
  to: to.email,
  subject: 'Une autre personne est liée à votre entreprise',
  text: `Bonjour ${to.name},

${to.newcomer} vient de lier à son compte l’entreprise de SIRET ${groupSiret(to.siret)}, avec un code remis pour elle. Cette personne lit comme vous ce qui est noté de l’entreprise, et peut dire qui le voit.

Si vous ne la connaissez pas, prévenez tout de suite votre chambre de métiers ou l’administrateur du site.

Artisanumérique
`,
})
