import type { Json, Row } from '#reconcile';
import type { MembershipData } from './model.ts';
import { causeOf } from './present.ts';

/** What a user wants or is told. Tries and looks stay out: they would raise the ETag where nothing happened. */
export function told({
  data,
  labels,
  deletedAt,
}: Pick<Row<MembershipData>, 'data' | 'labels' | 'deletedAt'>): Json {
  const { controller, wish, state, stages, member, refused, warnings, mending } = data;
  return {
    labels,
    deleting: deletedAt !== undefined,
    controller,
    wish,
    state,
    stages: stages.map(({ stage, is, cause }) => ({ stage, is, cause: cause?.code ?? null })),
    member,
    refused,
    warnings,
    mending: mending?.what ?? null,
    cause: causeOf(data)?.code ?? null,
  };
}
