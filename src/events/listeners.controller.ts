import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListenerStore } from '../platform/bus/listener.store.js';
import { Relay } from '../platform/bus/relay.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';

@ApiTags('operations')
@Controller('v1/admin/listeners')
@Scopes('admin', 'auditor')
export class ListenersController {
  constructor(
    private readonly store: ListenerStore,
    private readonly relay: Relay,
  ) {}

  @Get()
  @Answers(200, 'Listeners')
  @ApiOperation({ summary: 'The listeners of the event log: how far each has come, lag, last error' })
  async list(@CurrentCaller() { programmeId }: Caller) {
    return { background: this.relay.background, data: await this.store.views(programmeId) };
  }
}
