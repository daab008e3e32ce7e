export { fieldChange, fieldValue } from './field-value.js';
export { FORMAT_NAMES, type FormatName, isFormat, reportWriter } from './formats.js';
export { headline } from './headline.js';
export { type Issue, issuesByStanding, type Place, type Standing, standing } from './issue.js';
export { MARKDOWN_LIMIT, writeMarkdown } from './markdown.js';
export type { ReportOptions, ReportWriter } from './options.js';
export { type Paint, painter, type Style } from './paint.js';
export { clip, visible } from './visible.js';
export { count, duration, listed, objectName, shortSha } from './words.js';
