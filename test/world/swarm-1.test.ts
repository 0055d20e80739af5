import seeds from './seeds.json' with { type: 'json' }
import { swarm } from './swarm.ts'

swarm(1, 500, seeds)
