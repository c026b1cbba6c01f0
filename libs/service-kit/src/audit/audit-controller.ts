import { Controller, Inject, type Type } from '@nestjs/common';
import type { auditMessages } from '@heirloom/contracts';
import { OnMessage } from '../messages/on-message.ts';
import { actsSince, type ActsAnswer, type ActsQuestion } from './acts-since.ts';
import type { RawSql } from './raw-sql.ts';

/**
 * Answers a service's question for its recorded acts.
 *
 * @param database what the service's Prisma client is injected by
 */
export function auditController(
  contract: (typeof auditMessages)[keyof typeof auditMessages],
  database: Type<RawSql>,
): Type {
  @Controller()
  class AuditController {
    constructor(@Inject(database) private readonly db: RawSql) {}

    @OnMessage(contract)
    since(question: ActsQuestion): Promise<ActsAnswer> {
      return actsSince(this.db, question);
    }
  }
  return AuditController;
}
