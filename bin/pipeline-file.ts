import { readFile } from 'node:fs/promises';
import type { PipelineSettings } from '../client/index.ts';
import { Complaint, type Shell } from './shell.ts';

/**
 * Reads a pipeline's settings from YAML, with variables of the environment put in for `${NAME}`, so that keys need not stand in it. Throws a
 * Complaint that names file, line and path of everything that is wrong.
 */
export async function readPipelineFile(file: string, { environment }: Shell): Promise<PipelineSettings> {
  const [{ checkedYaml, ScenarioError }, { pipelineSettings }, text] = await Promise.all([
    import('../server/index.ts'),
    import('../client/index.ts'),
    textOf(file),
  ]);
  if (text.trim() === '') throw new Complaint(`${file} is empty; docs/collect.md has a file to begin with`);
  try {
    return checkedYaml(text, file, environment, pipelineSettings);
  } catch (error) {
    if (error instanceof ScenarioError) throw new Complaint(error.message, undefined, { cause: error });
    throw error;
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Complaint(`cannot read ${file}: ${message}`, undefined, { cause });
  }
}
