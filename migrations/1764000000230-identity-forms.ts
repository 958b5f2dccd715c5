import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Brings identities into the form in which they are compared from now on, as far as that can be told without knowing
 * how the programme's telephone numbers are written. Two that would become one stay as they are, as does what is no
 * identity any more: `npm run laurel -- check-texts` lists those. Identities are in no seal.
 */
export class IdentityForms1764000000230 implements MigrationInterface {
  name = 'IdentityForms1764000000230';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(NORMALISE);
  }

  async down(): Promise<void> {
    // How they were written before is not kept.
  }
}

const NORMALISE = `WITH typed AS (
    SELECT i.programme_id, i.type, i.value, lower(normalize(i.type, NFC)) AS new_type, normalize(i.value, NFC) AS nfc
    FROM member_identities i WHERE i.type <> 'externalId'),
  formed AS (
    SELECT t.*, CASE
      WHEN t.new_type = 'email' THEN lower(t.nfc)
      WHEN t.new_type = 'phone' AND t.nfc ~ '^[+][0-9][0-9 .-]*$' THEN regexp_replace(t.nfc, '[ .-]', '', 'g')
      ELSE t.nfc END AS new_value
    FROM typed t),
  counted AS (
    SELECT f.*, count(*) OVER (PARTITION BY f.programme_id, f.new_type, f.new_value) AS alike FROM formed f)
  UPDATE member_identities i SET type = c.new_type, value = c.new_value FROM counted c
  WHERE c.alike = 1 AND (c.type, c.value) <> (c.new_type, c.new_value) AND c.new_type <> 'externalid'
    AND i.programme_id = c.programme_id AND i.type = c.type AND i.value = c.value`;
