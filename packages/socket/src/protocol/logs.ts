import * as z from 'zod';
import { outcome, time, unit } from './shapes.ts';

const range = z.object({ from: z.number().int(), to: z.number().int().nullable() }).nullable();

/** `sync.logs`: where a run of the script of a unit leaves its output. What it writes never travels here. */
export const logs = {
  summary: 'Where a run of the script of a unit leaves its output, and how far that run is.',
  params: z.strictObject({
    unit,
    run: z.number().int().min(1).optional().meta({ description: 'The number of the run; left out: the latest.' }),
    wait: z.boolean().default(false).meta({ description: 'true: answer when the run has ended.' }),
  }),
  result: z.object({
    unit: z.string(),
    run: z.number().int(),
    runId: z.string().meta({ description: 'MUSTER_RUN_ID of the script.' }),
    logPath: z.string().nullable().meta({
      description: 'The file; of a run that goes on, where it is or will be. null: the run has ended without one.',
    }),
    errorLogPath: z.string().nullable().meta({
      description: 'The same for standard error; null as well where it has no file of its own.',
    }),
    startedAt: time,
    endedAt: time.nullable().meta({ description: 'null: it goes on, maybe after its unit has been completed.' }),
    outcome: outcome.nullable().meta({ description: 'How the script ended; null while it goes on.' }),
    logRange: range.meta({
      description:
        'The bytes of the file that are of this run, where all runs write to one; `to` is null until the next run begins. null: the file is of this run alone.',
    }),
    errorLogRange: range,
  }),
};
