import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn, IsString } from 'class-validator';
import { Answers } from '../platform/http/answers.js';
import { Scopes } from '../platform/http/caller.js';
import { compileCondition, MAX_CONDITION_LENGTH } from './condition.js';
import {
  CONDITION_SCOPES,
  SUBJECTS_OF,
  VOCABULARY,
  type ConditionScope,
  type Subject,
  type SubjectName,
} from './vocabulary.js';

export class CheckConditionDto {
  /** What it is a condition on: the receipt, each of its lines, an activity, or the member alone (`occasion`). */
  @ApiProperty({ enum: CONDITION_SCOPES })
  @IsIn(CONDITION_SCOPES)
  on!: ConditionScope;

  @ApiProperty({
    example: 'time.weekday in [6, 7] && receipt.channel == "web"',
    maxLength: MAX_CONDITION_LENGTH,
  })
  @IsString()
  condition!: string;
}

@ApiTags('conditions')
@Controller('v1/conditions')
@Scopes('admin', 'analyst', 'auditor')
export class ConditionsController {
  @Get('vocabulary')
  @Answers(200, 'ConditionVocabulary')
  @ApiOperation({ summary: 'What conditions may read, with types and descriptions in both languages' })
  vocabulary() {
    const subjects = (Object.keys(VOCABULARY) as SubjectName[]).map(subjectView);
    return { subjects };
  }

  @Post('check')
  @Answers(200, 'ConditionCheck')
  @HttpCode(200)
  @ApiOperation({ summary: 'Whether a text is a condition, and if not, the first fault and where it stands' })
  check(@Body() { on, condition }: CheckConditionDto) {
    const compiled = compileCondition(condition, on);
    if (!compiled.ok) return { valid: false, fault: compiled.refusal, parts: [], steps: null };
    return { valid: true, fault: null, parts: compiled.value.parts, steps: compiled.value.steps };
  }
}

function subjectView(name: SubjectName) {
  const { en, zh, fields, methods }: Subject = VOCABULARY[name];
  const on = CONDITION_SCOPES.filter((scope) => SUBJECTS_OF[scope].includes(name));
  const values = [
    ...Object.entries(fields).map(([field, of]) => ({
      name: `${name}.${field}`,
      argument: null,
      ...viewOf(of),
    })),
    ...Object.entries(methods).map(([method, of]) => ({
      name: `${name}.${method}`,
      argument: of.argument,
      ...viewOf(of),
    })),
  ];
  return { name, on, descriptions: { en, 'zh-Hant': zh }, values };
}

function viewOf({ type, en, zh }: { readonly type: string; readonly en: string; readonly zh: string }) {
  return { type, descriptions: { en, 'zh-Hant': zh } };
}
