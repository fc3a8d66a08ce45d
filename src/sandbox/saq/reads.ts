import { documented, type RouteTable, regular } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { campaignKind, libraryTemplateKind, questionnaireKind, templateKind, userKind } from './kinds.ts'
import { count, get, search } from './search.ts'

/** The reads. For templates and questionnaires the pages show only the search. */
export function readRoutes(world: World): RouteTable {
  return {
    'POST /qps/rest/1.0/search/saq/template': documented(search(world, templateKind)),
    'GET /qps/rest/1.0/count/saq/template': regular(count(world, templateKind)),
    'POST /qps/rest/1.0/count/saq/template': regular(count(world, templateKind)),
    'GET /qps/rest/1.0/get/saq/template/{templateId}': regular(get(world, templateKind)),
    'POST /qps/rest/1.0/search/saq/librarytemplate': documented(search(world, libraryTemplateKind)),
    'POST /qps/rest/1.0/search/saq/questionnairecampaign': documented(search(world, campaignKind)),
    'GET /qps/rest/1.0/count/saq/questionnairecampaign': documented(count(world, campaignKind)),
    'POST /qps/rest/1.0/count/saq/questionnairecampaign': documented(count(world, campaignKind)),
    'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}': documented(get(world, campaignKind)),
    'POST /qps/rest/1.0/search/saq/questionnaire': documented(search(world, questionnaireKind)),
    'GET /qps/rest/1.0/count/saq/questionnaire': regular(count(world, questionnaireKind)),
    'POST /qps/rest/1.0/count/saq/questionnaire': regular(count(world, questionnaireKind)),
    'GET /qps/rest/1.0/get/saq/questionnaire/{questionnaireId}': regular(get(world, questionnaireKind)),
    'POST /qps/rest/1.0/search/saq/user': documented(search(world, userKind)),
    'GET /qps/rest/1.0/count/saq/user': documented(count(world, userKind)),
    'POST /qps/rest/1.0/count/saq/user': documented(count(world, userKind)),
    'GET /qps/rest/1.0/get/saq/user/{userId}': documented(get(world, userKind)),
    // The heading of get_details.htm lists both methods.
    'POST /qps/rest/1.0/get/saq/user/{userId}': documented(get(world, userKind)),
  }
}
