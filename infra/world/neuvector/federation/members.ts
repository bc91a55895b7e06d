import { type Status, statuses } from '../codes.ts';
import type { Controller } from '../controller.ts';
import type { Member } from './state.ts';

export function changeMember(controller: Controller, id: string, to: Partial<Member>): void {
  const members = controller.state.members.map((member) =>
    member.id === id ? { ...member, ...to } : member,
  );
  controller.change({ members });
}

export function removeMember(controller: Controller, id: string): void {
  controller.change({ members: controller.state.members.filter((member) => member.id !== id) });
}

export const statusOf = (result: number): Status =>
  (Object.entries(statuses).find(([, number]) => number === result)?.[0] ?? '') as Status;
