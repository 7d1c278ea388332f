/**
 * What every test may rely on: no test reaches AWS (dummy credentials, a region, no metadata service),
 * and the SDK's notice that Node 20 support ends does not drown the output.
 */
process.env.AWS_REGION = 'eu-central-1';
process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';
process.env.AWS_EC2_METADATA_DISABLED = 'true';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// The validator that CDK runs after synth costs 1.4 s a stack; `npm run synth` runs it once.
process.env.CDK_VALIDATION ??= 'false';
