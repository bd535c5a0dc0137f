import type { Mail } from '#platform'
import { linkMinutes } from '../people/model.ts'
import type { Role } from '../rights/model.ts'
import { rolesInFrench } from './messages.ts'

/**
 * The mail of an invitation.
 * @param link one-time sign-in link
 * @param again page where another link is asked for
 */
export const invitationMail = (invitation: {
  email: string
  name: string
  body: string
  role: Role
  by: string
  link: string
  again: string
}): Mail => ({
  to: invitation.email,
  subject: `Invitation à agir pour ${invitation.body}`.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 300),
  text: `Bonjour ${invitation.name},

${invitation.by} vous invite sur Artisanumérique, pour agir au nom de « ${invitation.body} », comme ${rolesInFrench[invitation.role]}.

Pour entrer, suivez ce lien. Il sert une fois, pendant ${linkMinutes} minutes :

${invitation.link}

Passé ce délai, demandez un autre lien avec votre adresse de courriel, sur cette page :

${invitation.again}

Vous ne voulez pas de cette invitation ? Ignorez ce message.

Artisanumérique
`,
})
