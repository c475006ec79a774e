import { Form, Input, Select, TreeSelect } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { postsQuery, unitsQuery } from '../api/staff';
import { treeOf } from '../tree';
import { useStaffMessages } from '../words';

export interface UserForm {
  login: string;
  display_name: string;
  org_unit_id: string;
  post_id?: string | null;
  locale: string;
}

export const NAME_MAX = 100;

/** What is known of somebody besides the rights: the same when made and when changed. */
export function UserFields({ disabled }: { disabled: boolean }) {
  const t = useStaffMessages();
  const units = useQuery(unitsQuery);
  const posts = useQuery(postsQuery);
  return (
    <>
      <Form.Item name="display_name" label={t('user.name')} rules={[{ required: true, whitespace: true, message: t('user.name_needed') }]}>
        <Input maxLength={NAME_MAX} autoComplete="off" disabled={disabled} />
      </Form.Item>
      <Form.Item name="org_unit_id" label={t('user.unit')} rules={[{ required: true, message: t('user.unit_needed') }]}>
        <TreeSelect treeData={treeOf(units.data ?? [])} treeDefaultExpandAll loading={units.isPending} disabled={disabled} />
      </Form.Item>
      <Form.Item name="post_id" label={t('user.post')} extra={posts.data?.length === 0 ? t('user.no_posts') : undefined}>
        <Select
          allowClear
          placeholder={t('user.post_none')}
          options={(posts.data ?? []).map((post) => ({ value: post.id, label: post.name }))}
          loading={posts.isPending}
          disabled={disabled}
        />
      </Form.Item>
      <Form.Item name="locale" label={t('user.locale')}>
        <Select
          options={[
            { value: 'zh-CN', label: t('locale.zh-CN') },
            { value: 'en', label: t('locale.en') },
          ]}
          disabled={disabled}
        />
      </Form.Item>
    </>
  );
}
