import { typeset } from '#platform/model'
import type { DeviceErrorCode } from './errors.ts'

const fr = typeset({
  errors: {
    full: 'Plus de place sur cet appareil : rien n’a été noté. Envoyez ce qui attend ou gardez-le en fichier, puis libérez de la place.',
    unavailable:
      'Ce navigateur ne garde rien ici (navigation privée ?). Ouvrez l’enquête dans une fenêtre ordinaire pour ne rien perdre.',
    newer: 'Une version plus récente de l’enquête a servi sur cet appareil. Rechargez la page pour la retrouver.',
    blocked: 'L’enquête est ouverte dans un autre onglet, dans une version plus ancienne. Fermez-le, puis rechargez.',
    damaged: 'Ce fichier n’est pas un journal d’enquête, ou il est abîmé. Rien n’en a été repris.',
    'other-person': 'Ce fichier vient d’une autre personne : elle seule peut le reprendre, une fois connectée.',
  } satisfies Record<DeviceErrorCode, string>,
  erased: (waiting: number) =>
    `Ce téléphone a effacé le journal de l’enquête, et avec lui ${waiting === 1 ? 'une réponse qui n’était pas envoyée' : `${waiting} réponses qui n’étaient pas envoyées`}. Reprenez le fichier gardé, si vous en avez un.`,
})

const en = {
  errors: {
    full: 'No room left on this device: nothing was noted. Send what waits or keep it as a file, then make room.',
    unavailable:
      'This browser keeps nothing here (private window?). Open the survey in an ordinary window to lose nothing.',
    newer: 'A newer version of the survey was used on this device. Reload the page to find it again.',
    blocked: 'The survey is open in another tab, in an older version. Close it, then reload.',
    damaged: 'This file is no survey journal, or it is damaged. Nothing was taken from it.',
    'other-person': 'This file comes from somebody else: that person alone can take it up, once signed in.',
  },
  erased: (waiting: number) =>
    `This phone erased the journal of the survey, with ${waiting === 1 ? 'an answer that was not sent' : `${waiting} answers that were not sent`}. Take up the file that you kept, if there is one.`,
} satisfies typeof fr

export const deviceMessages = { fr, en }
