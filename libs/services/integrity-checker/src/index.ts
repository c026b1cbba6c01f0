export { integrityCheckerService } from './service.ts';
