import { DomainError } from '../errors';
import { notPermitted } from '../permission';
import type { Mask } from './mask';
import type { MaskRule } from './rule';

/** Bytes hold all or nothing: something of this body is hidden. */
export const hiddenBody = (mask: Mask): DomainError => refusalOf(mask, 'body_masked');

/** What is looked for stands where it is hidden: whether it was found would tell what stands there. */
export const hiddenFromSearch = (mask: Mask): DomainError => refusalOf(mask, 'search_masked');

/** The copy would be made of what its maker may not see. */
export const hiddenFromEdit = (mask: Mask): DomainError => refusalOf(mask, 'edit_masked');

/** Copies would lie where their maker sees what is hidden from him in the letters. */
export const hiddenFromCopies = (mask: Mask): DomainError => refusalOf(mask, 'copies_masked');

/** A file was written by somebody who may see more. */
export const hiddenInFile = (rules: readonly MaskRule[]): DomainError =>
  refusalOf({ by: rules.map(({ name }) => name) }, 'file_masked');

const refusalOf = ({ by }: Pick<Mask, 'by'>, key: string): DomainError =>
  by.length === 0 ? notPermitted('message:body:read') : new DomainError('FORBIDDEN', key, { rules: by.join(', ') });
