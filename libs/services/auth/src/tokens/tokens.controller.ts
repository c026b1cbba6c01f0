import { authMessages, authRoutes, type MessageOutput, type RouteOutput } from '@heirloom/contracts';
import { OnMessage, OnRoute } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { TokenSigner } from './token-signer.ts';

@Controller()
export class TokensController {
  constructor(private readonly signer: TokenSigner) {}

  @OnRoute(authRoutes.tokenKeys)
  list(): RouteOutput<typeof authRoutes.tokenKeys> {
    return { keys: [...this.signer.keys] };
  }

  @OnMessage(authMessages.tokenKeys)
  answer(): MessageOutput<typeof authMessages.tokenKeys> {
    return { keys: [...this.signer.keys] };
  }
}
