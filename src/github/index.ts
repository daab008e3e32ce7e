export * from './approvals.js';
export * from './check-runs.js';
export * from './client.js';
export * from './errors.js';
export * from './mirror.js';
export * from './posture.js';
