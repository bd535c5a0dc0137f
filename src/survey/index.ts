import type { Capability } from '#platform'
import { addItems } from '#statements'
import { collectJobs, collectRoutes, eraseCollections, exportCollections } from './collect/capability.ts'
import {
  contributionHandlers,
  contributionRoutes,
  describeContribution,
  eraseContributions,
  exportContributions,
  forgetHeldJob,
} from './contributions/capability.ts'
import { deliveryJobs } from './deliveries/jobs.ts'
import { eraseDeliveries, exportDeliveries } from './deliveries/personal.ts'
import { deliveryRoutes } from './deliveries/routes.ts'
import { loadDemonstrationSurvey, removeDemonstrationSurvey } from './demonstration/load.ts'
import { guideStatementItems } from './guide/items.ts'
import { guideApi, guideRoutes } from './guide/routes.ts'
import { eraseAttendance, exportAttendance, forgetAttendanceJob } from './meetings/personal.ts'
import { xlsformApi, xlsformRoutes } from './guide/xlsform/routes.ts'
import { meetingRoutes } from './meetings/routes.ts'
import { practicesApi } from './practices/api.ts'
import { practicesDataset } from './practices/dataset.ts'
import { definePracticeLayers } from './practices/layers.ts'
import { prepareItems } from './practices/prepare.ts'
import { practiceRoutes } from './practices/routes.ts'
import { joinParts, type Part } from './parts.ts'

export { acceptCollection, collectPage, collectionPage, removeCollection } from './collect/capability.ts'
export { linkProspect } from './contributions/commands.ts'
export { coveragePage, linkByForm, prospectsPage, visitListPage, visitsPage } from './coverage/page.ts'
export {
  acceptDelivery,
  decideRow,
  removeDelivery,
  resumeDelivery,
  setColumns,
  undoDelivery,
} from './deliveries/commands.ts'
export { deliveriesPage, deliveryPage } from './deliveries/page.ts'
export { guidePage } from './guide/page.ts'
export {
  addAttendee,
  addMaterial,
  cancelMeeting,
  changeMeeting,
  joinMeeting,
  leaveMeeting,
  noteAttendance,
  planMeeting,
  removeAttendee,
  removeMaterial,
} from './meetings/commands.ts'
export { getMeeting, pageMeetings } from './meetings/queries.ts'
export { practicesDataset } from './practices/dataset.ts'
export { practicePage, practicesPage } from './practices/page.ts'
export { everyPractice } from './practices/query.ts'
export { listStrengths } from './practices/strengths.ts'
export { tellPage, tellStrengths } from './practices/tell.ts'
export { territoryPractices } from './practices/territory.ts'

definePracticeLayers()

const parts: Part[] = [
  {
    prepare: async () => addItems('enterprise', guideStatementItems()),
    routes: guideRoutes,
    api: guideApi,
  },
  { routes: xlsformRoutes, api: xlsformApi },
  {
    routes: contributionRoutes,
    jobs: [forgetHeldJob],
    handlers: contributionHandlers,
    erase: eraseContributions,
    export: exportContributions,
    describe: describeContribution,
  },
  { routes: collectRoutes, jobs: collectJobs, erase: eraseCollections, export: exportCollections },
  { routes: deliveryRoutes, jobs: deliveryJobs, erase: eraseDeliveries, export: exportDeliveries },
  { routes: meetingRoutes, jobs: [forgetAttendanceJob], erase: eraseAttendance, export: exportAttendance },
  {
    prepare: ({ db }) => prepareItems(db),
    routes: practiceRoutes,
    api: practicesApi,
    datasets: (app) => [practicesDataset(app.db)],
  },
]

/** The survey of practices: its guide, what surveyors and partners contribute, and what comes out of it. */
export const survey: Capability = {
  ...joinParts('survey', parts),
  demonstration: { load: loadDemonstrationSurvey, remove: removeDemonstrationSurvey },
}
