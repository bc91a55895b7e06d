/** The areas that run here: each has a tick and a worker in serverless.yml, and a file beside this one. */
export const areaNames = ['core', 'clusters', 'join', 'notify'] as const;
