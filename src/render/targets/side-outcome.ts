import { GateError } from '../../contract/index.js';
import { TooLarge, Unresolved } from '../inputs/input-set.js';
import type { Plan, SideOutcome } from './plan.js';

/** Renders a plan; what stops it is an outcome: what nobody can know offline `unresolved`, a limit `failed`. */
export async function renderPlan(plan: Plan): Promise<SideOutcome> {
  try {
    return await plan.render();
  } catch (error) {
    if (error instanceof TooLarge) return { status: 'failed', reason: error.message, lasting: false };
    if (error instanceof Unresolved) return { status: 'unresolved', reason: error.message };
    if (error instanceof GateError && error.code === 'limit') {
      return { status: 'failed', reason: error.message, lasting: false };
    }
    throw error;
  }
}
