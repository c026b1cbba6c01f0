import { z } from 'zod';

/**
 * The set of algorithms and encodings that a record was made with. Suite 1: Cobblestone-256 parts, HKDF-SHA-256,
 * AES-256-GCM wraps, HPKE MLKEM768-X25519 with HKDF-SHA256 and AES-256-GCM, Ed25519, SHA-256, canonical CBOR.
 * A suite never changes once photos were sealed with it; a new one gets the next number.
 */
export const suite = 1;
export const suiteField = z.literal(suite);

/** Begins every HKDF info, HPKE info and signed message of suite 1. */
export const domain = `heirloom/${suite}/`;
