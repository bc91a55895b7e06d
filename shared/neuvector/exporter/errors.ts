import { errorsOf } from '#errors';

/** What can be wrong with what a controller tells the exporter. */
export const exporterErrors = {
  EXPORTER_ANSWER_INCOMPLETE: {
    status: 502,
    title: { en: 'Part of an answer is not as NeuVector has it', zh: '部分应答不符合 NeuVector 的格式' },
    message: {
      en: 'What the controller answered to {path} lacks what metrics are made of, or has it in another form.',
      zh: '控制器对 {path} 的应答缺少生成指标所需的内容，或格式不同。',
    },
    remedy: {
      en: 'All else is served. See whether this version of NeuVector is supported, and what a proxy on the way makes of answers.',
      zh: '其余指标照常提供。请确认 Drover 支持该 NeuVector 版本，并检查途中的代理是否改动了应答。',
    },
  },
  EXPORTER_FAMILY_TOO_LONG: {
    status: 502,
    title: { en: 'Too many series of one kind', zh: '某类指标的序列过多' },
    message: {
      en: 'The series of {family} are longer than the {megabytes} MB that one scrape has room for, so none of them is served.',
      zh: '{family} 的序列超过单次抓取可容纳的 {megabytes} MB，因此全部不提供。',
    },
    remedy: {
      en: 'All else is served. Have NeuVector forget what is old, or read this from NeuVector itself.',
      zh: '其余指标照常提供。请在 NeuVector 中清理旧数据，或直接从 NeuVector 读取该类数据。',
    },
  },
} as const;

export const fail = errorsOf(exporterErrors);
