export { sharingPolicyService } from './service.ts';
