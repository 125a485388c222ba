import type { ErrorReport, PipelineDeclaration, PipelineNode } from '@caudal/spec'

/** A pipeline as a module exports it. */
interface FoundPipeline {
  readonly module: string
  readonly export: string
  readonly declaration: PipelineDeclaration
}

/** The pipelines of a project as nodes: their functions stay behind, in the module that is named. */
export function pipelineNodes(found: readonly FoundPipeline[], problems: ErrorReport[]): PipelineNode[] {
  const nodes: PipelineNode[] = []
  for (const { module, export: exported, declaration } of found) {
    const { name, input, operators, tables, description, place } = declaration
    const { parse: _parse, ...topic } = input
    const other = nodes.find((node) => node.name === name)
    if (other !== undefined) {
      problems.push(sameName(place, other))
      continue
    }
    const taken = nodes.find((node) =>
      node.tables.some((table) => tables.some((one) => one.name === table.name)),
    )
    if (taken !== undefined) problems.push(sameTable(place, declaration, taken))
    nodes.push({
      name,
      code: { module, export: exported },
      input: { ...topic, topic: input.topic ?? name },
      operators: operators.map(({ id, kind, input: before }) => ({ id, kind, input: before })),
      tables,
      ...(description === undefined ? {} : { description }),
      place,
    })
  }
  return nodes
}

function sameName(place: string, first: PipelineNode): ErrorReport {
  return {
    code: 'CAUDAL_PIPELINE_COLLISION',
    message: `${place}: there is another pipeline \`${first.name}\` in ${first.place}; both would share one position.`,
    hint: 'Give one of them another name.',
    retryable: false,
    context: { place, pipeline: first.name },
  }
}

function sameTable(place: string, { name, tables }: PipelineDeclaration, other: PipelineNode): ErrorReport {
  const shared = tables.filter((table) => other.tables.some((one) => one.name === table.name))
  return {
    code: 'CAUDAL_PIPELINE_COLLISION',
    message: `${place}: the pipelines \`${name}\` and \`${other.name}\` both fill ${shared.map((table) => table.name).join(', ')}.`,
    hint: 'Let each fill a table of its own; a model brings them together.',
    retryable: false,
    context: { place, pipeline: name, tables: shared.map((table) => table.name) },
  }
}
