import { expect, test } from 'vitest';
import { execCommand, objectRefOfUri, parseRequestUri, queryValues } from '../../core/event/request-uri.ts';

test('paths name resources as the API server reads them', () => {
  const cases = {
    '/api/v1/namespaces/shop/pods/web-0/exec?command=id': {
      resource: 'pods',
      namespace: 'shop',
      name: 'web-0',
      apiVersion: 'v1',
      subresource: 'exec',
    },
    '/apis/apps/v1/deployments?limit=500': { resource: 'deployments', apiGroup: 'apps', apiVersion: 'v1' },
    '/api/v1/namespaces/shop': { resource: 'namespaces', namespace: 'shop', name: 'shop', apiVersion: 'v1' },
    '/api/v1/namespaces/shop/finalize': {
      resource: 'namespaces',
      namespace: 'shop',
      name: 'shop',
      apiVersion: 'v1',
      subresource: 'finalize',
    },
    '/api/v1/watch/namespaces/shop/secrets': { resource: 'secrets', namespace: 'shop', apiVersion: 'v1' },
    '/api/v1/nodes/worker-1/proxy/run/x': {
      resource: 'nodes',
      name: 'worker-1',
      apiVersion: 'v1',
      subresource: 'proxy',
    },
    '/healthz': null,
    '/api/v1': null,
  };

  for (const [uri, reference] of Object.entries(cases)) expect(objectRefOfUri(uri), uri).toEqual(reference);
});

test('parameters are decoded in order, and what is no escape stays', () => {
  const uri = '/x?command=sh&command=-c&command=id%3B+ls&container=c&bad=%zz&empty';

  expect(execCommand(uri)).toEqual(['sh', '-c', 'id; ls']);
  expect(queryValues(uri, 'bad')).toEqual(['%zz']);
  expect(parseRequestUri(uri).query.at(-1)).toEqual(['empty', '']);
});
