import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Form, Input } from 'antd';
import { useFieldErrors } from '@/design/useFieldErrors';
import type { PostShown } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { useMay } from '@/shared/session/session';
import { addPost, changePost, removePost } from '../api/organisation';
import { postsQuery, STAFF } from '../api/staff';
import { useStaffMessages } from '../words';
import { NAME_MAX } from './UserFields';

const DUTIES_MAX = 4000;

interface Fields {
  name: string;
  duties: string;
}

/** `post` is an id, or null for a new one. */
export function PostDrawer({ post, onClose }: { post: string | null | undefined; onClose: () => void }) {
  const t = useStaffMessages();
  const posts = useQuery(postsQuery);
  const found = posts.data?.find(({ id }) => id === post);
  const open = post === null || found !== undefined;
  return (
    <Drawer title={post === null ? t('posts.new') : t('posts.one')} open={open} onClose={onClose} size={440} destroyOnHidden>
      {open && <OnePost key={found?.id ?? 'new'} post={found ?? null} onDone={onClose} />}
    </Drawer>
  );
}

function OnePost({ post, onDone }: { post: PostShown | null; onDone: () => void }) {
  const t = useStaffMessages();
  const may = useMay();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const errors = useFieldErrors(form, ['name', 'duties']);
  const key = ['save-post', post?.id];
  const settled = () => queries.invalidateQueries({ queryKey: STAFF });
  const save = useMutation({
    mutationKey: key,
    mutationFn: (fields: Fields) => (post === null ? addPost(fields) : changePost(post.id, { ...fields, version: post.version })),
    onSuccess: () => {
      errors.clear();
      void message.success(t('form.saved'));
      onDone();
    },
    onSettled: settled,
    onError: (error) => {
      if (error instanceof Problem && error.code === 'post-changed') void settled();
      errors.show(error);
    },
  });
  const remove = useMutation({
    mutationFn: (gone: PostShown) => removePost(gone.id, gone.version),
    onSuccess: () => {
      void message.success(t('posts.removed'));
      onDone();
    },
    onSettled: settled,
    onError: errors.show,
  });
  const mine = may('org:manage');
  return (
    <>
      {errors.general !== null && <Alert type="error" showIcon title={errors.general} style={{ marginBottom: 16 }} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: post?.name ?? '', duties: post?.duties ?? '' }}
        onFinish={(fields) => {
          if (queries.isMutating({ mutationKey: key }) === 0) save.mutate(fields);
        }}
      >
        <Form.Item name="name" label={t('posts.name')} rules={[{ required: true, whitespace: true, message: t('posts.name_needed') }]}>
          <Input maxLength={NAME_MAX} disabled={!mine} />
        </Form.Item>
        <Form.Item name="duties" label={t('posts.duties')} extra={t('posts.duties_rule')}>
          <Input.TextArea autoSize={{ minRows: 5, maxRows: 16 }} maxLength={DUTIES_MAX} disabled={!mine} />
        </Form.Item>
      </Form>
      {mine && (
        <div className="cl-row" style={{ gap: 8 }}>
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {post === null ? t('posts.make') : t('posts.save')}
          </Button>
          {post !== null && (
            <Button
              danger
              onClick={() =>
                modal.confirm({
                  title: t('posts.remove_ask', { name: post.name }),
                  okText: t('posts.remove'),
                  cancelText: t('form.cancel'),
                  okButtonProps: { danger: true },
                  onOk: () => remove.mutateAsync(post).catch(() => undefined),
                })
              }
            >
              {t('posts.remove')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
