/** Something to be judged. The key names what; a newer job of the same key supersedes an older one. */
export interface Job {
  key: string;
  /** Runs the job; must end soon after the signal is given. */
  run(signal: AbortSignal): Promise<void>;
}

/** Where jobs wait. This one lives in the process; a durable one fills the same interface. */
export interface JobQueue {
  /** Takes a job; one of the same key that waits is replaced, one that runs is ended first. */
  push(job: Job): void;
  /** Ends what belongs to the key, running or waiting. */
  cancel(key: string): void;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
  /** Takes no more jobs, ends those that run, and resolves when they have. */
  close(): Promise<void>;
}

/** Given as the reason when a newer job took the place of a running one. */
export class Superseded extends Error {
  constructor() {
    super('superseded by a newer push');
    this.name = 'Superseded';
  }
}

/** Given as the reason when the server stops. */
export class Stopping extends Error {
  constructor() {
    super('the server is stopping');
    this.name = 'Stopping';
  }
}

interface Running {
  controller: AbortController;
  done: Promise<void>;
}

/** Jobs in the process, a few at a time, in order of arrival. State is rebuilt from GitHub at start. */
export class ProcessQueue implements JobQueue {
  readonly #waiting = new Map<string, Job>();
  readonly #running = new Map<string, Running>();
  readonly #concurrency: number;
  readonly #failed: (job: Job, error: unknown) => void;
  #closed = false;
  #idle: (() => void)[] = [];

  /** @param failed hears of jobs that threw; jobs report to GitHub themselves, so that this is a defect */
  constructor(concurrency: number, failed: (job: Job, error: unknown) => void) {
    this.#concurrency = concurrency;
    this.#failed = failed;
  }

  push(job: Job): void {
    if (this.#closed) return;
    this.#waiting.delete(job.key);
    this.#waiting.set(job.key, job);
    this.#running.get(job.key)?.controller.abort(new Superseded());
    this.#next();
  }

  cancel(key: string): void {
    this.#waiting.delete(key);
    this.#running.get(key)?.controller.abort(new Superseded());
  }

  async idle(): Promise<void> {
    if (this.#running.size === 0 && this.#waiting.size === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    for (const { controller } of this.#running.values()) controller.abort(new Stopping());
    await Promise.all([...this.#running.values()].map((one) => one.done));
  }

  #next(): void {
    for (const [key, job] of this.#waiting) {
      if (this.#running.size >= this.#concurrency) return;
      // One of the same key still runs down: the newer one waits for it.
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#start(job);
    }
    if (this.#running.size === 0 && this.#waiting.size === 0)
      for (const resolve of this.#idle.splice(0)) resolve();
  }

  #start(job: Job): void {
    const controller = new AbortController();
    const done = job
      .run(controller.signal)
      .catch((error: unknown) => this.#failed(job, error))
      .finally(() => {
        this.#running.delete(job.key);
        this.#next();
      });
    this.#running.set(job.key, { controller, done });
  }
}
