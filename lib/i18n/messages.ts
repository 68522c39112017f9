import accountsEn from './en/accounts.json';
import auditEn from './en/audit.json';
import commonEn from './en/common.json';
import deadLettersEn from './en/dead-letters.json';
import editEn from './en/edit.json';
import errorsEn from './en/errors.json';
import groupsEn from './en/groups.json';
import historyEn from './en/history.json';
import jobsEn from './en/jobs.json';
import messagesEn from './en/messages.json';
import offsetsEn from './en/offsets.json';
import overviewEn from './en/overview.json';
import purgeEn from './en/purge.json';
import redriveEn from './en/redrive.json';
import retriesEn from './en/retries.json';
import runOnceEn from './en/run-once.json';
import settingsEn from './en/settings.json';
import shellEn from './en/shell.json';
import statusEn from './en/status.json';
import topicsEn from './en/topics.json';
import traceEn from './en/trace.json';
import whyEn from './en/why.json';
import type { Locale } from './locale';
import accountsZh from './zh-CN/accounts.json';
import auditZh from './zh-CN/audit.json';
import commonZh from './zh-CN/common.json';
import deadLettersZh from './zh-CN/dead-letters.json';
import editZh from './zh-CN/edit.json';
import errorsZh from './zh-CN/errors.json';
import groupsZh from './zh-CN/groups.json';
import historyZh from './zh-CN/history.json';
import jobsZh from './zh-CN/jobs.json';
import messagesZh from './zh-CN/messages.json';
import offsetsZh from './zh-CN/offsets.json';
import overviewZh from './zh-CN/overview.json';
import purgeZh from './zh-CN/purge.json';
import redriveZh from './zh-CN/redrive.json';
import retriesZh from './zh-CN/retries.json';
import runOnceZh from './zh-CN/run-once.json';
import settingsZh from './zh-CN/settings.json';
import shellZh from './zh-CN/shell.json';
import statusZh from './zh-CN/status.json';
import topicsZh from './zh-CN/topics.json';
import traceZh from './zh-CN/trace.json';
import whyZh from './zh-CN/why.json';

/** A namespace is a noun, and a file of its own per language. */
const en = {
  accounts: accountsEn,
  common: commonEn,
  settings: settingsEn,
  shell: shellEn,
  status: statusEn,
  errors: errorsEn,
  overview: overviewEn,
  topics: topicsEn,
  groups: groupsEn,
  history: historyEn,
  'dead-letters': deadLettersEn,
  retries: retriesEn,
  messages: messagesEn,
  trace: traceEn,
  offsets: offsetsEn,
  redrive: redriveEn,
  edit: editEn,
  'run-once': runOnceEn,
  purge: purgeEn,
  jobs: jobsEn,
  audit: auditEn,
  why: whyEn,
};

export type Messages = typeof en;
export type Namespace = keyof Messages;

const zhCn: Messages = {
  accounts: accountsZh,
  common: commonZh,
  settings: settingsZh,
  shell: shellZh,
  status: statusZh,
  errors: errorsZh,
  overview: overviewZh,
  topics: topicsZh,
  groups: groupsZh,
  history: historyZh,
  'dead-letters': deadLettersZh,
  retries: retriesZh,
  messages: messagesZh,
  trace: traceZh,
  offsets: offsetsZh,
  redrive: redriveZh,
  edit: editZh,
  'run-once': runOnceZh,
  purge: purgeZh,
  jobs: jobsZh,
  audit: auditZh,
  why: whyZh,
};

export const MESSAGES: Record<Locale, Messages> = { en, 'zh-CN': zhCn };
