import { Module } from '@nestjs/common';
import { RegistrationQuery } from './registration.query.js';
import { RegistrationsController } from './registrations.controller.js';

@Module({ controllers: [RegistrationsController], providers: [RegistrationQuery] })
export class RegistrationsModule {}
