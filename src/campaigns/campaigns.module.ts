import { Module } from '@nestjs/common';
import { CampaignsController } from './campaigns.controller.js';
import { PlacesLeftQuery } from './places-left.query.js';

@Module({ controllers: [CampaignsController], providers: [PlacesLeftQuery] })
export class CampaignsModule {}
