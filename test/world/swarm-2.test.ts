import { swarm } from './swarm.ts'

swarm(501, 500, [])
