-- AlterEnum
ALTER TYPE "account_kind" ADD VALUE 'support';

