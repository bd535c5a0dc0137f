import { typeset } from '#platform/model'
import type { Notice, Right } from '../model.ts'

const fr = {
  missing: 'Pas encore renseigné par l’administrateur du site.',
  privacy: {
    title: 'Vie privée',
    lead: 'Quelles données ce site garde, pourquoi, qui les voit, combien de temps, et comment exercer vos droits.',
    erased: 'Vos données sont effacées. Merci d’avoir contribué.',
    short: 'En bref',
    points: [
      'Rien n’est montré d’une personne ou d’un savoir-faire sans son accord, et un accord se retire quand on veut.',
      'Aucune mesure d’audience, aucune publicité, aucun bandeau : un seul cookie, celui de la connexion (exempté de consentement, article 82 de la loi n° 78-17).',
      'Aucune décision n’est prise par une machine seule, et rien n’est vendu. Vos données restent chez l’hébergeur nommé dans les mentions légales ; ce qui est vu de tout le monde se lit dans le monde entier.',
    ],
    controller: 'Qui est responsable',
    controllerText: 'L’organisme qui fait fonctionner ce site est responsable des traitements (article 4.7 du RGPD).',
    fields: {
      publisher: 'Organisme',
      address: 'Adresse',
      contact: 'Contact',
      dpo: 'Délégué à la protection des données',
    },
    register: 'Les traitements',
    registerText: 'Le registre des traitements (article 30 du RGPD), tel quel.',
    planned: 'Pas encore en service',
    columns: {
      purpose: 'Pour quoi faire',
      basis: 'Base légale',
      people: 'Personnes concernées',
      data: 'Données',
      source: 'D’où elles viennent',
      recipients: 'Qui les voit',
      retention: 'Combien de temps',
      rights: 'Vos droits',
    },
    article: (code: string) => `RGPD, article ${code}`,
    rights: {
      access: 'savoir et recevoir une copie (article 15)',
      rectification: 'faire corriger (article 16)',
      erasure: 'faire effacer (article 17)',
      restriction: 'faire suspendre l’usage (article 18)',
      portability: 'emporter vos données (article 20)',
      objection: 'vous opposer (article 21)',
      withdrawal: 'retirer votre accord (article 7)',
    } satisfies Record<Right, string>,
    yourRights: 'Exercer vos droits',
    yourRightsText:
      'Connectez-vous : « Mes données et mes accords » permet de tout lire, emporter, retirer et effacer. Sans compte, écrivez au contact ci-dessus ; une réponse vous est due en un mois (article 12 du RGPD). Vous pouvez aussi dire ce que deviendront vos données après votre mort (article 85 de la loi n° 78-17).',
    objection: 'Votre entreprise est sur la carte',
    objectionText:
      'La fiche vient du répertoire Sirene. Pour que l’Insee ne diffuse plus votre nom et votre adresse, demandez la diffusion partielle sur statut-diffusion-sirene.insee.fr. Pour ce site seul, opposez-vous depuis « Mes données et mes accords » ou en écrivant au contact.',
    complaint: 'Vous plaindre',
    complaintText:
      'Si la réponse ne vous convient pas, vous pouvez saisir la CNIL : www.cnil.fr/fr/plaintes, ou 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07 (article 77 du RGPD).',
    sources:
      'Textes : règlement (UE) 2016/679 (RGPD) et loi n° 78-17 du 6 janvier 1978 relative à l’informatique, aux fichiers et aux libertés.',
    updated: (date: string) => `Registre mis à jour le ${date}.`,
    data: 'Mes données et mes accords',
  },
  notice: {
    title: 'Mentions légales',
    lead: 'Qui édite ce site, qui l’héberge, et sous quelles licences (article 1-1 de la loi n° 2004-575 du 21 juin 2004).',
    publisherTitle: 'Éditeur',
    hostTitle: 'Hébergeur',
    licences: 'Licences',
    licenceProgram: 'Le programme est libre, sous licence GNU AGPL version 3 ou ultérieure.',
    licenceData: 'Les données ouvertes sont sous Licence Ouverte 2.0, sauf mention contraire à côté de chacune.',
    allLicences: 'Toutes les licences',
    report: 'Signaler un contenu',
    reportText:
      'Un contenu vous paraît illicite, ou vous montre sans votre accord ? Écrivez au contact de l’éditeur en donnant l’adresse de la page et la raison. S’il s’agit de vous, il cesse d’être montré dès que la demande est vue.',
    labels: {
      publisher: 'Éditeur (organisme)',
      address: 'Adresse',
      director: 'Directeur de la publication',
      contact: 'Contact',
      host: 'Hébergeur',
      hostAddress: 'Adresse et téléphone de l’hébergeur',
      dpo: 'Délégué à la protection des données',
    } satisfies Record<keyof Notice, string>,
    form: {
      title: 'Mentions légales du site',
      lead: 'Ce que disent les pages « Mentions légales », « Vie privée » et « Accessibilité ». Une case vide y est montrée comme telle.',
      save: 'Enregistrer',
      saved: 'Enregistré. Les pages le disent dès maintenant.',
      hints: {
        publisher: 'Par exemple la chambre de métiers, avec sa forme juridique.',
        address: '',
        director: 'La personne qui représente l’organisme.',
        contact: 'Adresse électronique ou page de contact, lue chaque semaine.',
        host: 'Nom de l’entreprise ou du service qui héberge le serveur.',
        hostAddress: '',
        dpo: 'Nom et adresse électronique ; obligatoire pour un organisme public (article 37 du RGPD).',
      } satisfies Record<keyof Notice, string>,
    },
  },
  accessibility: {
    title: 'Accessibilité',
    lead: 'Ce site doit pouvoir servir à tous, quels que soient l’appareil, la vue, l’ouïe ou les gestes.',
    stateTitle: 'État de conformité',
    state:
      'Ce site est non conforme avec le RGAA 4.1.2 : aucun audit n’a encore mesuré sa conformité. Sans audit, aucun taux ne peut être donné (article 47 de la loi n° 2005-102 du 11 février 2005 et décret n° 2019-768 du 24 juillet 2019).',
    testedTitle: 'Ce qui est vérifié à chaque version',
    tested: [
      'Chaque page visitée par nos essais passe l’outil axe sans erreur sérieuse ou critique.',
      'Les parcours se font au clavier seul, avec un repère visible.',
      'Les pages tiennent dans un écran de téléphone, sans défilement de côté.',
      'Lire, donner un accord, le retirer et s’opposer marchent sans JavaScript.',
    ],
    limitsTitle: 'Ce qui ne l’est pas encore',
    limits: [
      'Un audit complet des 106 critères du RGAA, avec des personnes handicapées et des lecteurs d’écran.',
      'La carte interactive : chaque carte a un dessin et une liste équivalente.',
      'Les films : des sous-titres et une transcription dépendent de qui les dépose.',
    ],
    contactTitle: 'Signaler un obstacle',
    contactText: 'Écrivez-nous : nous vous donnerons l’information sous une autre forme et corrigerons la page.',
    remedyTitle: 'Voies de recours',
    remedyText:
      'Si vous avez signalé un défaut qui vous empêche d’accéder à un contenu et n’avez pas eu de réponse satisfaisante, vous pouvez saisir le Défenseur des droits :',
    remedies: [
      'par le formulaire de formulaire.defenseurdesdroits.fr ;',
      'auprès de son délégué dans votre région : www.defenseurdesdroits.fr/saisir/delegues ;',
      'par courrier gratuit, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.',
    ],
    date: 'Déclaration établie le 25 novembre 2026, par l’éditeur du programme, pour la version indiquée en bas de page.',
  },
}

export type LegalMessages = typeof fr

const en: LegalMessages = {
  missing: 'Not filled in yet by the administrator of the site.',
  privacy: {
    title: 'Privacy',
    lead: 'Which data this site keeps, why, who sees them, for how long, and how to use your rights.',
    erased: 'Your data are erased. Thank you for having contributed.',
    short: 'In short',
    points: [
      'Nothing is shown of a person or of a know-how without agreement, and an agreement may be withdrawn at any time.',
      'No audience measurement, no advertising, no banner: one cookie only, that of signing in (exempt from consent, article 82 of French law no. 78-17).',
      'No decision is made by a machine alone, and nothing is sold. Your data stay with the host named in the legal notice; what everybody sees is read in the whole world.',
    ],
    controller: 'Who is responsible',
    controllerText: 'The body that runs this site is the controller of the processings (article 4(7) of the GDPR).',
    fields: { publisher: 'Body', address: 'Address', contact: 'Contact', dpo: 'Data protection officer' },
    register: 'The processings',
    registerText: 'The register of processings (article 30 of the GDPR), as it is.',
    planned: 'Not in service yet',
    columns: {
      purpose: 'What for',
      basis: 'Legal basis',
      people: 'People concerned',
      data: 'Data',
      source: 'Where they come from',
      recipients: 'Who sees them',
      retention: 'For how long',
      rights: 'Your rights',
    },
    article: (code) => `GDPR, article ${code.replace(/^(\d)\.(\d)\.(\w)$/, '$1($2)($3)')}`,
    rights: {
      access: 'know, and receive a copy (article 15)',
      rectification: 'have corrected (article 16)',
      erasure: 'have erased (article 17)',
      restriction: 'have the use suspended (article 18)',
      portability: 'take your data away (article 20)',
      objection: 'object (article 21)',
      withdrawal: 'withdraw your agreement (article 7)',
    },
    yourRights: 'Using your rights',
    yourRightsText:
      'Sign in: “My data and my agreements” lets you read, take away, withdraw and erase everything. Without an account, write to the contact above; an answer is due to you within one month (article 12 of the GDPR). You may also say what becomes of your data after your death (article 85 of French law no. 78-17).',
    objection: 'Your enterprise is on the map',
    objectionText:
      'The entry comes from the Sirene register. For Insee to stop disclosing your name and address, ask for partial diffusion at statut-diffusion-sirene.insee.fr. For this site alone, object from “My data and my agreements” or by writing to the contact.',
    complaint: 'Complaining',
    complaintText:
      'If the answer does not satisfy you, you may complain to the CNIL: www.cnil.fr/fr/plaintes, or 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, France (article 77 of the GDPR).',
    sources:
      'Texts: regulation (EU) 2016/679 (GDPR) and French law no. 78-17 of 6 January 1978 on data processing, files and freedoms.',
    updated: (date) => `Register updated on ${date}.`,
    data: 'My data and my agreements',
  },
  notice: {
    title: 'Legal notice',
    lead: 'Who publishes this site, who hosts it, and under which licences (article 1-1 of French law no. 2004-575 of 21 June 2004).',
    publisherTitle: 'Publisher',
    hostTitle: 'Host',
    licences: 'Licences',
    licenceProgram: 'The program is free software, under the GNU AGPL version 3 or later.',
    licenceData: 'Open data are under the Licence Ouverte 2.0, unless said otherwise next to each.',
    allLicences: 'All licences',
    report: 'Reporting a content',
    reportText:
      'A content seems unlawful, or shows you without your agreement? Write to the publisher’s contact with the address of the page and the reason. If it is about you, it stops being shown as soon as the request is seen.',
    labels: {
      publisher: 'Publisher (body)',
      address: 'Address',
      director: 'Director of publication',
      contact: 'Contact',
      host: 'Host',
      hostAddress: 'Address and telephone of the host',
      dpo: 'Data protection officer',
    },
    form: {
      title: 'Legal notice of the site',
      lead: 'What the pages “Legal notice”, “Privacy” and “Accessibility” say. An empty field is shown there as such.',
      save: 'Save',
      saved: 'Saved. The pages say so from now on.',
      hints: {
        publisher: 'For instance the chamber of trades, with its legal form.',
        address: '',
        director: 'The person who represents the body.',
        contact: 'E-mail address or contact page, read every week.',
        host: 'Name of the company or service that hosts the server.',
        hostAddress: '',
        dpo: 'Name and e-mail address; mandatory for a public body (article 37 of the GDPR).',
      },
    },
  },
  accessibility: {
    title: 'Accessibility',
    lead: 'This site should serve everybody, whatever the device, the sight, the hearing or the movements.',
    stateTitle: 'State of compliance',
    state:
      'This site does not comply with the RGAA 4.1.2: no audit has measured its compliance yet. Without an audit no rate can be given (article 47 of French law no. 2005-102 of 11 February 2005 and decree no. 2019-768 of 24 July 2019).',
    testedTitle: 'What is checked at each version',
    tested: [
      'Every page that our trials visit passes the axe tool without a serious or critical error.',
      'Journeys are made with the keyboard alone, with a visible focus.',
      'Pages hold within a phone’s screen, without scrolling sideways.',
      'Reading, giving an agreement, withdrawing it and objecting work without JavaScript.',
    ],
    limitsTitle: 'What is not yet',
    limits: [
      'A whole audit of the 106 criteria of the RGAA, with disabled people and screen readers.',
      'The interactive map: each map has a drawing and an equivalent list.',
      'Films: captions and a transcript depend on whoever deposits them.',
    ],
    contactTitle: 'Reporting an obstacle',
    contactText: 'Write to us: we will give you the information in another form and mend the page.',
    remedyTitle: 'Remedies',
    remedyText:
      'If you reported a fault that keeps you from a content and had no satisfying answer, you may turn to the Défenseur des droits:',
    remedies: [
      'by the form at formulaire.defenseurdesdroits.fr;',
      'with the delegate in your region: www.defenseurdesdroits.fr/saisir/delegues;',
      'by free mail, without a stamp: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07, France.',
    ],
    date: 'Statement made on 25 November 2026 by the publisher of the program, for the version given at the foot of the page.',
  },
}

export const legalMessages = { fr: typeset(fr), en }
