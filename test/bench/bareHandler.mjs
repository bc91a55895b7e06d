// What a function costs that does nothing: the measure for all others.
export const handler = async () => ({ statusCode: 200 });
