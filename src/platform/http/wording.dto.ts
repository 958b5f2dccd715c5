import { ApiProperty } from '@nestjs/swagger';
import type { Wording } from '../../kernel/wording.js';
import { IsName } from './name.js';

/** A name in both languages. */
export class WordingDto implements Wording {
  @ApiProperty({ example: 'Review' })
  @IsName(200)
  en!: string;

  @ApiProperty({ example: '評論' })
  @IsName(200)
  'zh-Hant'!: string;
}
