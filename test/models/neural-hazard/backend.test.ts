import { describe, expect, it } from 'vitest';
import { type Backend, tensorsOn } from '../../../models/estimators/neural-hazard/backend.ts';

const listening = () => ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
/** In the role of the library that users may install. */
const other: Backend = { name: 'cpu', from: 'another', load: () => import('@tensorflow/tfjs-backend-cpu') };
const absent: Backend = { name: 'tensorflow', from: 'a-missing-package', load: () => null };
const failing = (load: Backend['load']): Backend => ({ name: 'broken', from: 'a-broken-package', load });

// The first test of the file: WebAssembly is started once in a process.
it('without a library of the user it computes on WebAssembly, and the process keeps its own way with errors', async () => {
  const before = listening();
  const tensors = await tensorsOn();
  expect(tensors.getBackend()).toBe('wasm');
  expect(tensors.matMul([[1, 2]], [[3], [4]]).dataSync()[0]).toBe(11);
  expect(listening()).toEqual(before);
});

describe('of several backends', () => {
  it('the first that is installed computes', async () => {
    expect((await tensorsOn([absent, other])).getBackend()).toBe('cpu');
    expect((await tensorsOn()).getBackend()).toBe('wasm');
  });

  it('one that is installed and fails is not passed over in silence', async () => {
    const broken = failing(() => Promise.reject(new Error('libtensorflow.so is missing')));
    await expect(tensorsOn([broken, other])).rejects.toThrow(
      'a-broken-package is installed and does not work: libtensorflow.so is missing. Install it again, or remove it.',
    );
    const other_ = failing(() => Promise.resolve());
    await expect(tensorsOn([other_, other])).rejects.toThrow(
      /a-broken-package is installed and does not work: .*broken/,
    );
  });

  it('one has to be installed', async () => {
    await expect(tensorsOn([absent])).rejects.toThrow('none of a-missing-package is installed');
  });
});
