import type { Decision, DeliveryState, PlainMeaning, ReasonCode } from '../model.ts'

const many = (count: number, one: string, several: string) =>
  `${new Intl.NumberFormat('fr-FR').format(count)} ${count > 1 ? several : one}`

const comma = (value: string) => value.replace('.', ',')

const meaningsFr: Record<PlainMeaning, string> = {
  siret: 'SIRET (14 chiffres)',
  siren: 'SIREN (9 chiffres)',
  name: 'Nom ou enseigne',
  address: 'Adresse',
  postcode: 'Code postal',
  commune: 'Commune',
  craft: 'Métier',
  date: 'Date de la visite',
  comment: 'Commentaire',
  personal: 'Donnée personnelle : ne pas garder',
  ignored: 'Autre chose : ne pas utiliser',
}

const statesFr: Record<DeliveryState, string> = {
  matching: 'en lecture',
  read: 'à vérifier',
  accepting: 'en cours d’enregistrement',
  accepted: 'acceptée',
  undoing: 'en cours d’annulation',
  undone: 'annulée',
  refused: 'refusée',
}

const decisionsFr: Record<Decision, string> = {
  matched: 'reconnue',
  doubtful: 'douteuse',
  unknown: 'inconnue',
  refused: 'refusée',
  skipped: 'écartée',
}

const severalFr: Record<Decision, string> = {
  matched: 'reconnues',
  doubtful: 'douteuses',
  unknown: 'inconnues',
  refused: 'refusées',
  skipped: 'écartées',
}

const reasonsFr: Record<ReasonCode, (value: string, day: (iso: string) => string) => string> = {
  siret_same: () => 'même SIRET',
  siret_zeros: () => 'même SIRET, sans les zéros du début',
  siret_digit: () => 'un chiffre du SIRET diffère',
  siret_other: () => 'le fichier donne un autre SIRET',
  siren_same: () => 'même SIREN',
  siren_moved: () => 'même SIREN, autre établissement : a déménagé',
  siren_digit: () => 'un chiffre du SIREN diffère',
  name_same: () => 'même nom',
  name_close: (value) => `nom ${Number(value) >= 0.85 ? 'très ' : ''}proche : ${comma(value)}`,
  name_inside: (value) => `un nom contient l’autre : ${comma(value)}`,
  name_far: (value) => `nom différent : ${comma(value)}`,
  name_withheld: () => 'nom non publié au registre : non comparé',
  commune_same: () => 'même commune',
  postcode_same: () => 'même code postal',
  departement_same: () => 'même département',
  commune_other: (value) => `autre commune : ${value}`,
  address_same: () => 'même adresse',
  street_same: () => 'même rue, autre numéro',
  address_close: () => 'adresse proche',
  address_other: () => 'autre adresse',
  closed: (value, day) =>
    value ? `cet établissement est fermé depuis le ${day(value)}` : 'cet établissement est fermé',
  successor: (value) => `remplacé par l’établissement ouvert de la même entreprise${value ? ` (${value})` : ''}`,
  successor_here: () => 'une autre entreprise a ouvert à cette adresse : peut-être son successeur',
  several: () => 'une autre entreprise convient presque autant',
  chosen: () => 'choisie à la main',
}

/** The French texts of deliveries. */
export const fr = {
  title: 'Livraisons',
  lead: 'Votre organisme a déjà noté des pratiques dans un tableur ? Déposez-le : nous reconnaissons les entreprises, vous vérifiez, et rien ne compte avant votre accord.',
  space: 'Mon espace',
  drop: 'Déposer un fichier',
  titleField: 'Titre de la livraison',
  titleHint: 'Par exemple : Enquête 2026 de la fédération, vague 1.',
  body: 'Au nom de',
  choose: 'Choisissez',
  onlyBody: (name: string) => `Ce fichier sera livré au nom de « ${name} ».`,
  file: 'Fichier CSV ou XLSX',
  fileHint: '10 Mo et 20 000 lignes au plus. Une ligne par entreprise, la première nomme les colonnes.',
  send: 'Lire le fichier',
  expected: 'Ce que le fichier doit contenir',
  expectedItems: [
    'Une ligne par entreprise, et une première ligne qui nomme les colonnes. Leur ordre est libre.',
    'De quoi reconnaître l’entreprise : son SIRET, ou à défaut son nom, son adresse et sa commune.',
    'Une colonne par pratique, avec oui, non, en partie, un nombre ou un texte. Nommez-la comme dans le guide, ou dites ensuite ce qu’elle est.',
    'Si vous l’avez, la date de la visite et un commentaire.',
  ],
  expectedPersonal:
    'Téléphones, courriels et noms de personnes ne sont jamais gardés : ces colonnes sont vidées dès la lecture.',
  model: 'Télécharger un fichier modèle',
  guide: 'Voir les pratiques du guide',
  list: 'Vos livraisons',
  none: 'Aucune livraison pour le moment. Déposez un premier fichier ci-dessus.',
  states: statesFr,
  decisions: decisionsFr,
  several: severalFr,
  lines: (count: number) => many(count, 'ligne', 'lignes'),
  recognised: (count: number) => many(count, 'reconnue', 'reconnues'),
  from: (file: string, body: string) => `${file}, livré au nom de « ${body} »`,
  on: (day: string) => `le ${day}`,
  work: {
    matching: 'Nous cherchons les entreprises dans le registre…',
    accepting: 'Nous enregistrons les réponses…',
    undoing: 'Nous annulons la livraison…',
  } as Partial<Record<DeliveryState, string>>,
  refresh: 'Vous pouvez quitter cette page : le travail continue.',
  refreshNow: 'Voir où cela en est',
  stuck: 'Ce travail s’est arrêté. Ce qui est fait reste fait : reprenez-le, rien ne sera compté deux fois.',
  resume: 'Reprendre',
  done: {
    columns: 'Les colonnes sont enregistrées, et les lignes relues.',
    decided: 'C’est noté.',
    skipped: 'La ligne est écartée.',
  } as Record<string, string>,
  report: 'Ce que nous avons compris',
  reportRows: (rows: number) => `Nous avons lu ${many(rows, 'ligne', 'lignes')}.`,
  reportMatched: (count: number) =>
    count === 0 ? 'Aucune n’est reconnue.' : `${many(count, 'est reconnue', 'sont reconnues')} sans hésitation.`,
  reportDoubtful: (count: number) =>
    `${many(count, 'est douteuse', 'sont douteuses')} : choisissez l’entreprise, sinon ${count > 1 ? 'elles ne seront pas prises' : 'elle ne sera pas prise'}.`,
  reportUnknown: (count: number) =>
    `${many(count, 'ne correspond', 'ne correspondent')} à aucune entreprise du registre, et ${count > 1 ? 'ne seront pas prises' : 'ne sera pas prise'}.`,
  reportLeft: (count: number) =>
    count > 1
      ? `${many(count, '', 'lignes')} n’ont pas été prises : leur entreprise n’était pas sûre, ou pas dans le registre.`
      : 'Une ligne n’a pas été prise : son entreprise n’était pas sûre, ou pas dans le registre.',
  reportRefused: (count: number) => `${many(count, 'est refusée', 'sont refusées')} : la raison est dite sur chacune.`,
  reportSkipped: (count: number) => `${many(count, 'est écartée', 'sont écartées')} par vous.`,
  reportAnswers: (answers: number, rows: number) =>
    answers === 0
      ? 'Aucune réponse à une question du guide n’a été trouvée : dites ci-dessous ce que sont les colonnes.'
      : `Les lignes reconnues apportent ${many(answers, 'réponse', 'réponses')}${rows > 0 ? ` ; ${many(rows, 'n’en apporte', 'n’en apportent')} aucune` : ''}.`,
  reportProblems: (count: number) =>
    `${many(count, 'ligne contient', 'lignes contiennent')} une case que nous n’avons pas pu lire.`,
  reportDoubles: (count: number) =>
    `${many(count, 'ligne parle', 'lignes parlent')} d’une entreprise dont une autre ligne parle déjà : la dernière réponse l’emporte.`,
  reportPersonal: (names: string) => `Colonnes vidées, car elles portent des données personnelles : ${names}.`,
  reportIgnored: (names: string) => `Colonnes que nous n’utilisons pas : ${names}.`,
  reportFile: 'Télécharger ce rapport, ligne par ligne (CSV)',
  columns: 'Les colonnes du fichier',
  columnsLead: 'Voici ce que nous croyons que chaque colonne contient. Corrigez si besoin : les lignes seront relues.',
  column: (letters: string, header: string) => (header ? `${letters} · ${header}` : `${letters} · sans nom`),
  sample: (cells: string) => `Par exemple : ${cells}`,
  emptied: 'Cette colonne a été vidée.',
  sureness: (confidence: number | null): string =>
    confidence === null ? 'choisi par vous' : confidence >= 0.9 ? 'sûr' : confidence >= 0.7 ? 'probable' : 'à vérifier',
  meanings: meaningsFr,
  meaningsOf: { enterprise: 'L’entreprise et la visite', practices: 'Une pratique du guide', dropped: 'Pas utilisé' },
  setColumns: 'Enregistrer et relire les lignes',
  rows: 'Les lignes',
  filter: 'Lignes à montrer',
  all: 'toutes',
  noRow: 'Aucune ligne de cette sorte.',
  line: (line: number) => `Ligne ${line}`,
  unnamed: 'sans nom',
  says: 'Tout ce que dit la ligne',
  means: 'Entreprise du registre',
  score: (score: number) => `ressemblance : ${Math.round(score * 100)} %`,
  withheld: 'nom non publié',
  closedOn: (day: string) => `fermé depuis le ${day}`,
  closed: 'fermé',
  answers: (count: number) =>
    count === 0 ? 'aucune réponse au guide' : many(count, 'réponse au guide', 'réponses au guide'),
  problem: (header: string, message: string) => (header ? `${header} : ${message}` : message),
  which: 'De quelle entreprise s’agit-il ?',
  noneOfThem: 'Aucune : écarter cette ligne',
  other: 'Une autre, dont voici le SIRET',
  otherSiret: 'SIRET de l’autre entreprise',
  decide: 'Noter ce choix',
  decideOf: (line: number) => `Noter ce choix pour la ligne ${line}`,
  change: 'Changer',
  accept: 'Accepter la livraison',
  acceptSays: (answers: number, rows: number, body: string) =>
    `${many(answers, 'réponse', 'réponses')} sur ${many(rows, 'entreprise', 'entreprises')} seront enregistrées au nom de « ${body} ». Sans l’accord de l’artisan, elles restent visibles de votre organisme seul. Vous pourrez annuler la livraison.`,
  acceptNothing:
    'Rien à enregistrer pour le moment : dites ce que sont les colonnes, ou choisissez les entreprises des lignes douteuses.',
  remove: 'Supprimer sans accepter',
  removeSays: 'Le fichier et sa lecture sont détruits ; rien n’en reste.',
  accepted: (day: string) => `Acceptée le ${day}. Ses réponses comptent.`,
  undo: 'Annuler la livraison',
  undoSays:
    'Tout ce que cette livraison a apporté est détruit : ses réponses, ce qui en a été fait, ses visites et ses lignes. Les valeurs retenues, les cartes et les comptes redeviennent ce qu’ils seraient sans elle ; ce que d’autres ont dit reste. On ne peut pas revenir en arrière : il faudrait déposer le fichier de nouveau.',
  undoTrace: 'Il en reste cette page, avec son titre et ses dates, et les actes inscrits au journal.',
  undoConfirm: 'Je veux détruire ce que cette livraison a apporté',
  undone: (day: string) => `Annulée le ${day} : tout ce qu’elle avait apporté est détruit.`,
  reasons: reasonsFr,
  csv: ['ligne', 'décision', 'SIRET', 'ressemblance', 'raisons', 'réponses', 'à corriger'],
}

export type DeliveryMessages = typeof fr
