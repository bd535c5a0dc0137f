import { typeset } from '#platform/model'

/** The pages of « Mon espace », in groups: for everyone who is signed in, for who acts for a body, for the administrator. */
const fr = {
  title: 'Mon espace',
  hello: (name: string) => `Bonjour ${name}.`,
  signOut: 'Se déconnecter',
  groups: [
    {
      title: 'Contribuer',
      who: 'everyone',
      entries: [
        { path: '/espace/entreprise', title: 'Mon entreprise', text: 'Ce qui se dit de mon entreprise, et par qui.' },
        {
          path: '/espace/medias',
          title: 'Mes images et mes films',
          text: 'Déposer un fichier, dire qui peut le voir.',
        },
        {
          path: '/espace/moderation',
          title: 'À vérifier',
          text: 'Propositions et désaccords que je peux trancher.',
        },
      ],
    },
    {
      title: 'Enquêter',
      who: 'member',
      entries: [
        { path: '/espace/enquete', title: 'Enquête', text: 'Ce qui est visité, qui aller voir, mes visites.' },
        {
          path: '/espace/livraisons',
          title: 'Livraisons de fichiers',
          text: 'Déposer un tableau d’un partenaire, le vérifier, l’accepter.',
        },
        {
          path: '/espace/collecte',
          title: 'ODK et Kobo',
          text: 'Emporter le guide en XLSForm, rapporter les réponses.',
        },
        {
          path: '/espace/rencontres',
          title: 'Rencontres et formations',
          text: 'Agenda, présences et supports des organismes partenaires.',
        },
      ],
    },
    {
      title: 'Moi et mes organismes',
      who: 'everyone',
      entries: [
        { path: '/espace/compte', title: 'Mon compte', text: 'Nom, clés d’accès, mot de passe, appareils connectés.' },
        {
          path: '/espace/organismes',
          title: 'Organismes et conventions',
          text: 'Ce que je peux faire, pour qui et jusqu’à quand.',
        },
        {
          path: '/espace/donnees',
          title: 'Mes données et mes accords',
          text: 'Ce qui est gardé de moi, ce que j’ai accepté, ce que je veux retirer.',
        },
      ],
    },
    {
      title: 'Administrer la plateforme',
      who: 'administrator',
      entries: [
        {
          path: '/espace/importer',
          title: 'Importer un territoire',
          text: 'Contours d’un département et fichiers du registre Sirene.',
        },
        { path: '/espace/courriels', title: 'Courriels à remettre', text: 'Ce qui n’a pas pu partir tout seul.' },
        { path: '/espace/journal', title: 'Journal', text: 'Qui a lu ou changé ce qui n’est pas public.' },
        { path: '/espace/mentions', title: 'Mentions légales', text: 'Éditeur, hébergeur et contacts du site.' },
      ],
    },
  ],
}

export type SpaceMessages = typeof fr

const en: SpaceMessages = {
  title: 'My space',
  hello: (name) => `Hello ${name}.`,
  signOut: 'Sign out',
  groups: [
    {
      title: 'Contribute',
      who: 'everyone',
      entries: [
        { path: '/espace/entreprise', title: 'My enterprise', text: 'What is said of my enterprise, and by whom.' },
        { path: '/espace/medias', title: 'My pictures and films', text: 'Deposit a file, say who may see it.' },
        { path: '/espace/moderation', title: 'To be checked', text: 'Proposals and disagreements that I may settle.' },
      ],
    },
    {
      title: 'Survey',
      who: 'member',
      entries: [
        { path: '/espace/enquete', title: 'Survey', text: 'What is visited, whom to visit, my visits.' },
        {
          path: '/espace/livraisons',
          title: 'Deliveries of files',
          text: 'Drop a partner’s table, check it, accept it.',
        },
        { path: '/espace/collecte', title: 'ODK and Kobo', text: 'Take the guide as an XLSForm, bring answers back.' },
        {
          path: '/espace/rencontres',
          title: 'Meetings and trainings',
          text: 'Agenda, attendance and material of partner bodies.',
        },
      ],
    },
    {
      title: 'My bodies and I',
      who: 'everyone',
      entries: [
        { path: '/espace/compte', title: 'My account', text: 'Name, passkeys, password, signed-in devices.' },
        {
          path: '/espace/organismes',
          title: 'Bodies and conventions',
          text: 'What I may do, for whom and until when.',
        },
        {
          path: '/espace/donnees',
          title: 'My data and agreements',
          text: 'What is kept about me, what I agreed to, what I wish to withdraw.',
        },
      ],
    },
    {
      title: 'Run the platform',
      who: 'administrator',
      entries: [
        {
          path: '/espace/importer',
          title: 'Import a territory',
          text: 'Contours of a département and files of the Sirene register.',
        },
        { path: '/espace/courriels', title: 'Mail to hand over', text: 'What could not be sent by itself.' },
        { path: '/espace/journal', title: 'Journal', text: 'Who read or changed what is not public.' },
        { path: '/espace/mentions', title: 'Legal notice', text: 'Publisher, host and contacts of the site.' },
      ],
    },
  ],
}

export const spaceMessages = { fr: typeset(fr), en }
