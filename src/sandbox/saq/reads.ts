import { documented, type RouteTable, regular } from '../route.ts'
import {
  campaignKind,
  libraryTemplateKind,
  questionnaireKind,
  templateKind,
  userKind,
} from './object-kinds.ts'
import { makeCountHandler, makeGetHandler, makeSearchHandler } from './search.ts'

/** The reads. For templates and questionnaires the pages show only the search. */
export const readRoutes: RouteTable = {
  'POST /qps/rest/1.0/search/saq/template': documented(makeSearchHandler(templateKind)),
  'GET /qps/rest/1.0/count/saq/template': regular(makeCountHandler(templateKind)),
  'POST /qps/rest/1.0/count/saq/template': regular(makeCountHandler(templateKind)),
  'GET /qps/rest/1.0/get/saq/template/{templateId}': regular(makeGetHandler(templateKind)),
  'POST /qps/rest/1.0/search/saq/librarytemplate': documented(makeSearchHandler(libraryTemplateKind)),
  'POST /qps/rest/1.0/search/saq/questionnairecampaign': documented(makeSearchHandler(campaignKind)),
  'GET /qps/rest/1.0/count/saq/questionnairecampaign': documented(makeCountHandler(campaignKind)),
  'POST /qps/rest/1.0/count/saq/questionnairecampaign': documented(makeCountHandler(campaignKind)),
  'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}': documented(makeGetHandler(campaignKind)),
  'POST /qps/rest/1.0/search/saq/questionnaire': documented(makeSearchHandler(questionnaireKind)),
  'GET /qps/rest/1.0/count/saq/questionnaire': regular(makeCountHandler(questionnaireKind)),
  'POST /qps/rest/1.0/count/saq/questionnaire': regular(makeCountHandler(questionnaireKind)),
  'GET /qps/rest/1.0/get/saq/questionnaire/{questionnaireId}': regular(makeGetHandler(questionnaireKind)),
  'POST /qps/rest/1.0/search/saq/user': documented(makeSearchHandler(userKind)),
  'GET /qps/rest/1.0/count/saq/user': documented(makeCountHandler(userKind)),
  'POST /qps/rest/1.0/count/saq/user': documented(makeCountHandler(userKind)),
  'GET /qps/rest/1.0/get/saq/user/{userId}': documented(makeGetHandler(userKind)),
  // The heading of get_details.htm lists both methods.
  'POST /qps/rest/1.0/get/saq/user/{userId}': documented(makeGetHandler(userKind)),
}
