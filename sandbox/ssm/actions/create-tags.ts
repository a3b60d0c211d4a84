import { type StepAction, StepFailedError, listInput } from './action.ts';
import { callAsStep } from './api-call.ts';

/** `aws:createTags`: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-createtag.html */
export const createTags: StepAction = {
  required: ['ResourceIds', 'Tags'],
  optional: ['ResourceType'],
  outputs: [],
  run: async (context) => {
    const { ResourceType: type = 'EC2', Tags } = context.inputs;
    const ids = listInput(context.inputs, 'ResourceIds');
    if (type === 'EC2') {
      await callAsStep(context, 'ec2', 'CreateTags', { Resources: ids, Tags });
      return {};
    }
    if (type !== 'ManagedInstance' && type !== 'MaintenanceWindow' && type !== 'Parameter')
      throw new StepFailedError(
        `ResourceType must be EC2, ManagedInstance, MaintenanceWindow or Parameter, not ${JSON.stringify(type)}`,
      );
    for (const ResourceId of ids)
      await callAsStep(context, 'ssm', 'AddTagsToResource', { ResourceType: type, ResourceId, Tags });
    return {};
  },
};
