import { documented, type RouteTable, regular } from '../http/route.ts'
import type { World } from '../state/world.ts'
import {
  campaignKind,
  libraryTemplateKind,
  questionnaireKind,
  templateKind,
  userKind,
} from './object-kinds.ts'
import { makeCountHandler, makeGetHandler, makeSearchHandler } from './search.ts'

/** The reads. For templates and questionnaires the pages show only the search. */
export function readRoutes(world: World): RouteTable {
  return {
    'POST /qps/rest/1.0/search/saq/template': documented(makeSearchHandler(world, templateKind)),
    'GET /qps/rest/1.0/count/saq/template': regular(makeCountHandler(world, templateKind)),
    'POST /qps/rest/1.0/count/saq/template': regular(makeCountHandler(world, templateKind)),
    'GET /qps/rest/1.0/get/saq/template/{templateId}': regular(makeGetHandler(world, templateKind)),
    'POST /qps/rest/1.0/search/saq/librarytemplate': documented(
      makeSearchHandler(world, libraryTemplateKind),
    ),
    'POST /qps/rest/1.0/search/saq/questionnairecampaign': documented(makeSearchHandler(world, campaignKind)),
    'GET /qps/rest/1.0/count/saq/questionnairecampaign': documented(makeCountHandler(world, campaignKind)),
    'POST /qps/rest/1.0/count/saq/questionnairecampaign': documented(makeCountHandler(world, campaignKind)),
    'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}': documented(
      makeGetHandler(world, campaignKind),
    ),
    'POST /qps/rest/1.0/search/saq/questionnaire': documented(makeSearchHandler(world, questionnaireKind)),
    'GET /qps/rest/1.0/count/saq/questionnaire': regular(makeCountHandler(world, questionnaireKind)),
    'POST /qps/rest/1.0/count/saq/questionnaire': regular(makeCountHandler(world, questionnaireKind)),
    'GET /qps/rest/1.0/get/saq/questionnaire/{questionnaireId}': regular(
      makeGetHandler(world, questionnaireKind),
    ),
    'POST /qps/rest/1.0/search/saq/user': documented(makeSearchHandler(world, userKind)),
    'GET /qps/rest/1.0/count/saq/user': documented(makeCountHandler(world, userKind)),
    'POST /qps/rest/1.0/count/saq/user': documented(makeCountHandler(world, userKind)),
    'GET /qps/rest/1.0/get/saq/user/{userId}': documented(makeGetHandler(world, userKind)),
    // The heading of get_details.htm lists both methods.
    'POST /qps/rest/1.0/get/saq/user/{userId}': documented(makeGetHandler(world, userKind)),
  }
}
